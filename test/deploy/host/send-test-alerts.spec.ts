import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../../../simulator/simulator.js';
import { NO_PACE, withSlack } from '../../support/service-environment.js';
import { endServices, startService, type ServiceProcess } from '../../support/service-process.js';
import { SlackChannel } from '../../support/slack-channel.js';
import { runHere, type Outcome } from './outcome.js';
import { ROOT } from './packed-release.js';

const TOKEN = 'sender"s\\token';

describe('send-test-alerts.sh', () => {
  let simulator: Simulator;
  let service: ServiceProcess;
  let channel: SlackChannel;

  const send = (args: readonly string[], env: Record<string, string> = { WEBHOOK_TOKEN: TOKEN }): Promise<Outcome> =>
    runHere(join(ROOT, 'send-test-alerts.sh'), ['--url', service.url, ...args], env);

  beforeAll(async () => {
    simulator = await startSimulator({ pace: 'off' });
    channel = new SlackChannel(simulator);
    service = await startService({ env: withSlack(simulator, { ...NO_PACE, WEBHOOK_TOKEN: TOKEN }) });
  });
  afterAll(async () => {
    await endServices();
    await simulator.close();
  });

  it('sends one alert of each severity, and ends them', async () => {
    const fired = await send([]);
    expect(fired.code).toBe(0);
    expect(fired.stdout).toContain('"status": "healthy"');
    const titles = ['🚨', '❌', '⚠️', 'ℹ️', '🐛'].map((emoji, i) => {
      const severity = ['critical', 'error', 'warning', 'info', 'debug'][i] ?? '';
      return `${emoji} Test alert: ${severity}`;
    });
    const threads = [];
    for (const title of titles) threads.push(await channel.expectThread(title));
    const resolved = await send(['--resolve']);
    expect(resolved.code).toBe(0);
    for (const thread of threads) await thread.expectReply('RESOLVED');
    await channel.expectNothingElse(service);
  });

  it('sends the severities that were named', async () => {
    expect((await send(['--severity', 'page', '--severity', 'notice'])).code).toBe(0);
    await channel.expectThread('📢 Test alert: page');
    await channel.expectThread('📢 Test alert: notice');
    await channel.expectNothingElse(service);
  });

  it.each([
    [[], { WEBHOOK_TOKEN: 'wrong' }, '/alert answered 401'],
    [[], {}, 'export WEBHOOK_TOKEN'],
    [['--url', 'http://127.0.0.1:1'], {}, 'no answer from http://127.0.0.1:1'],
    [['--channel', '#alerts'], {}, "--channel #alerts: a channel's id such as C0123456789"],
    [['--severity', '"'], {}, 'letters and digits alone'],
  ])('says what is wrong with %j and %j', async (args, env, why) => {
    const { code, stderr } = await send(args, env);
    expect(stderr).toContain(why);
    expect(code).toBe(1);
  });

  it('keeps its token out of what other users can see', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(`${request.method ?? ''} ${request.headers.authorization ?? ''}`, ...commandLines());
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await send(['--url', url, '--severity', 'info'])).code).toBe(0);
    server.close();
    expect(seen).toContain(`POST Bearer ${TOKEN}`);
    expect(seen.filter((line) => line.includes('curl') && line.includes(url))).not.toEqual([]);
    expect(
      seen.filter((line) => line.includes(TOKEN) && !line.startsWith('GET ') && !line.startsWith('POST ')),
    ).toEqual([]);
  });
});

/** What `ps` shows at this moment. */
const commandLines = (): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return []; // it has ended
      }
    });
