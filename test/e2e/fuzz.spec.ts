import { Agent, request } from 'node:http';
import fc from 'fast-check';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { payload } from '../support/fuzz-webhooks.js';
import { faultsOf } from '../support/message-faults.js';
import { NO_PACE, withSlack } from '../support/service-environment.js';
import { endServices, startService, type ServiceProcess } from '../support/service-process.js';
import { CHANNEL } from '../support/slack-channel.js';

/** 10,000 by default. SEED=… has the payloads of an earlier run again. */
const PAYLOADS = Number(process.env['PAYLOADS'] ?? 10_000);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const AT_ONCE = 32;

describe(`${PAYLOADS} payloads of any kind`, () => {
  let simulator: Simulator;
  let service: ServiceProcess;
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

  beforeAll(async () => {
    simulator = await startSimulator({ pace: 'off' });
    service = await startService({ env: withSlack(simulator, { ...NO_PACE, WEBHOOK_WAIT: '0' }) });
  });
  afterAll(async () => {
    agent.destroy();
    await endServices();
    await simulator.close();
  });

  const send = (body: string): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json' };
      const sent = request(`${service.url}/alert`, { method: 'POST', agent, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, text });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });

  it('bring no 5xx, no crash, no message that Slack refuses and no mention, and what was taken is shown', async () => {
    const began = performance.now();
    const bodies = fc.sample(payload, { numRuns: PAYLOADS, seed: SEED });
    const statuses = new Map<number, number>();
    const broken: string[] = [];
    const taken = new Set<string>();
    let alerts = 0;
    const worker = async (): Promise<void> => {
      for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
        const { status, text } = await send(body);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status !== 200 && status !== 400) broken.push(`${status} for ${body.slice(0, 500)}`);
        if (status !== 200) continue;
        for (const { key, incident_id: id } of (
          JSON.parse(text) as { results: { key: string; incident_id?: string }[] }
        ).results) {
          if (id === undefined) continue;
          alerts += 1;
          taken.add(key);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const sent = performance.now();
    expect(broken).toEqual([]);

    await service.until('everything that was taken to be shown', async () => {
      const { threads } = (await service.get('/cache')).body as { threads: Record<string, string> };
      const { items } = (await service.get('/incidents?limit=100')).body as {
        items: { delivery: { shown: boolean } }[];
      };
      return [...taken].every((key) => threads[key] !== undefined) && items.every(({ delivery }) => delivery.shown);
    });
    await service.idle();
    const { threads } = (await service.get('/cache')).body as { threads: Record<string, string> };
    const messages = simulator.workspace.allMessages(CHANNEL);
    process.stderr.write(
      `fuzz, seed ${SEED}: ${PAYLOADS} payloads in ${((sent - began) / 1_000).toFixed(1)} s, shown after ${((performance.now() - sent) / 1_000).toFixed(1)} s more; ` +
        `answers ${[...statuses].map(([status, count]) => `${status}: ${count}`).join(', ')}; ${alerts} alerts in ${taken.size} threads, ${messages.length} messages\n`,
    );

    for (const key of taken) expect(simulator.workspace.message(CHANNEL, threads[key] ?? '')).toBeDefined();
    expect(
      simulator.calls.filter(({ outcome }) => outcome !== 'ok').map(({ method, outcome }) => [method, outcome]),
    ).toEqual([]);
    expect(messages.flatMap(faultsOf)).toEqual([]);
    expect(service.log.filter(({ level }) => level >= 50)).toEqual([]);
    // a good share got in: the rest of this test means something
    expect(statuses.get(200) ?? 0).toBeGreaterThan(PAYLOADS / 3);
    expect(taken.size).toBeGreaterThan(10);
    await service.stop();
  });
});
