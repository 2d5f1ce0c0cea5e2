import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { PROMPTLY_MS } from '../support/promptly.js';
import { NO_PACE, withSlack } from '../support/service-environment.js';
import { endServices, startService, type ServiceProcess } from '../support/service-process.js';
import { SlackChannel } from '../support/slack-channel.js';
import { TempFolder } from '../support/temp-folder.js';

const alertOf = (instance: string) => ({
  labels: { alertname: 'DiskFull', severity: 'warning', instance },
  annotations: { summary: 'Disk is full' },
  startsAt: '2024-01-15T14:30:25Z',
});
const firing = (...instances: string[]) => ({ status: 'firing', alerts: instances.map(alertOf) });

describe('SIGTERM while a call to Slack runs', () => {
  let simulator: Simulator;
  let channel: SlackChannel;
  let folder: TempFolder;
  const start = (): Promise<ServiceProcess> => {
    const env = withSlack(simulator, { ...NO_PACE, WEBHOOK_WAIT: '0' });
    return startService({ env, file: folder.file('threads.json') });
  };
  const calls = (method: string) => simulator.calls.filter((call) => call.method === method);
  /** Sends SIGTERM once such a call has come, and says how long the end took, in milliseconds. */
  const stopDuring = async (service: ServiceProcess, count: number): Promise<number> => {
    await service.until('a call that runs', () => calls('chat.postMessage').length === count);
    const began = performance.now();
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    return performance.now() - began;
  };

  beforeEach(async () => {
    folder = new TempFolder();
    simulator = await startSimulator({ pace: 'off' });
    channel = new SlackChannel(simulator);
  });
  afterEach(async () => {
    await endServices();
    await simulator.close();
    folder.remove();
  });

  it('waits for the answer, so that the next start knows the thread', async () => {
    const first = await start();
    simulator.faults.add({ kind: 'slow', delayMs: 2_000, method: 'chat.postMessage' });
    await first.post('/alert', firing('db1'));
    const took = await stopDuring(first, 1);
    expect(took).toBeGreaterThan(1_000);
    expect(took).toBeLessThan(10_000);

    const second = await start();
    const thread = await channel.expectThread('⚠️ Disk is full');
    expect(Object.values((await second.get('/cache')).body.threads)).toEqual([thread.ts]);
    await second.post('/alert', firing('db1', 'db2'));
    await thread.expectReply(/db2 joined/);
    await thread.expectRoot('⚠️ Disk is full', { text: /Alerts:\* 2 firing$/m });
    await channel.expectNothingElse(second);
    expect(calls('conversations.history')).toEqual([]);
    await second.stop();
  });

  it('takes no webhook any more that it would not keep', async () => {
    const first = await start();
    simulator.faults.add({ kind: 'slow', delayMs: 2_000, method: 'chat.postMessage' });
    await first.post('/alert', firing('db1'));
    let taken = 1;
    const ended = stopDuring(first, 1);
    // a sender that goes on: what is answered 200 is there after the restart
    for (let n = 2; !first.hasEnded; n++) {
      const answer = await first.post('/alert', firing(`db${n}`)).catch(() => undefined);
      if (answer === undefined) break;
      if (answer.status === 200) taken = n;
      else expect(answer.status).toBe(503);
    }
    await ended;
    const second = await start();
    const { items } = (await second.get('/incidents')).body as {
      items: { alerts: { labels: { instance: string } }[]; alert_counts: { firing: number } }[];
    };
    // All of them are counted; the first 200 are listed.
    expect(items.map(({ alert_counts: { firing } }) => firing)).toEqual([taken]);
    expect(items.flatMap(({ alerts }) => alerts.map(({ labels }) => labels.instance))).toEqual(
      Array.from({ length: Math.min(200, taken) }, (_, i) => `db${i + 1}`),
    );
    await second.stop();
  });

  it('gives up on one that hangs, within 10 s or so, and neither loses nor doubles its message', async () => {
    const first = await start();
    simulator.faults.add({ kind: 'late-accept', delayMs: 9_000, method: 'chat.postMessage' });
    await first.post('/alert', firing('db1'));
    expect(await stopDuring(first, 1)).toBeLessThan(13_000);

    const second = await start();
    const thread = await channel.expectThread('⚠️ Disk is full');
    await second.until('the thread to be found', async () => {
      const { threads } = (await second.get('/cache')).body as { threads: Record<string, string> };
      return Object.values(threads).includes(thread.ts);
    });
    await channel.expectNothingElse(second);
    expect(calls('chat.postMessage')).toHaveLength(1);
    await second.stop();
  });

  it('ends an idle service at once, also one with connections that are kept alive', async () => {
    const service = await start();
    await service.get('/health'); // the connection stays open
    const began = performance.now();
    await service.stop();
    expect(performance.now() - began).toBeLessThan(PROMPTLY_MS);
  });
});
