import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { eventually } from '../support/eventually.js';
import { RawConnection } from '../support/raw-connection.js';
import { NO_PACE, withSlack } from '../support/service-environment.js';
import { endServices, startService, type ServiceProcess } from '../support/service-process.js';

const MB = 1_048_576;
/** As the chart sets it for its pod of 512 MiB. */
const NODE_OPTIONS = '--max-old-space-size=384';
/** Without bounds: 1,500 MB, or the end of the process. Measured with them: 320 MB. */
const MAX_RSS_MB = 400;
/** Measured: 0.1 s, and up to 3 s under one-byte chunks. The machine that tests share may be busy. */
const SOON_MS = 20_000;
/** Alertmanager's webhook with 100 alerts, 65 kB. */
const WEBHOOK = readFileSync(join(__dirname, '../fixtures/webhooks/am025-firing-100.json'), 'utf8');

/** The largest resident memory that the process has had, in MB. */
const peakMb = ({ pid }: ServiceProcess): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]) / 1_024;

describe('senders that use up memory or connections', () => {
  let simulator: Simulator;
  let service: ServiceProcess;
  let attackers: RawConnection[];

  beforeAll(async () => {
    simulator = await startSimulator({ pace: 'off' });
  });
  beforeEach(async () => {
    attackers = [];
    service = await startService({ env: withSlack(simulator, { ...NO_PACE, WEBHOOK_WAIT: '0', NODE_OPTIONS }) });
  });
  afterEach(async () => {
    for (const attacker of attackers) attacker.end();
    await endServices();
  });
  afterAll(() => simulator.close());

  const attack = async (count: number, begin: (attacker: RawConnection) => void): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const attacker = await RawConnection.to(service.url);
      attackers.push(attacker);
      begin(attacker);
    }
  };
  /** Sends as Alertmanager does: again after 503. @returns milliseconds until 200 */
  const sendHonestly = async (): Promise<number> => {
    const began = performance.now();
    await eventually('the webhook to be taken', async () => {
      const { status, headers } = await service.post('/alert', WEBHOOK);
      if (status === 200) return true;
      expect(status).toBe(503);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      return false;
    });
    return performance.now() - began;
  };
  const expectService = async (): Promise<void> => {
    expect(await sendHonestly()).toBeLessThan(SOON_MS);
    expect((await service.get('/health/live')).status).toBe(200);
    expect(peakMb(service)).toBeLessThan(MAX_RSS_MB);
  };

  it('300 that send one-byte chunks', async () => {
    const chunks = Buffer.from('1\r\n \r\n'.repeat(10_000));
    await attack(300, (attacker) => {
      attacker.post('/alert').send(chunks).send(chunks).send(chunks);
    });
    await expectService();
    await service.until('all of them to end', () => attackers.every(({ closed }) => closed));
    await expectService();
  });

  it('150 that hold 9 MB open', async () => {
    const most = Buffer.alloc(9 * MB, ' ');
    await attack(150, (attacker) => {
      attacker.post('/alert', 9 * MB + 1).send(most);
    });
    await expectService();
    await service.until('an answer for each', () => attackers.every(({ status }) => status === 503));
    for (const { received } of attackers) expect(received).toMatch(/^Retry-After: \d+\r$/m);
    await expectService();
    const { text } = await service.get('/metrics');
    expect(text).toMatch(/alert_threader_webhooks_total\{outcome="unavailable"\} 1[5-9]\d/);
  });

  it('300 that declare 9 MB and send nothing', async () => {
    await attack(300, (attacker) => {
      attacker.post('/alert', 9 * MB);
    });
    await expectService();
    await service.until('an answer for each', () => attackers.every(({ status }) => status === 503));
  });

  it('300 that hold a body of 200 kB open, more than there is room for', async () => {
    const half = Buffer.alloc(100_000, ' ');
    await attack(300, (attacker) => {
      attacker.post('/alert', 200_000).send(half);
    });
    await expectService();
  });

  it('300 that send one-byte chunks to a call that reads none', async () => {
    const chunks = Buffer.from('1\r\n \r\n'.repeat(10_000));
    await attack(300, (attacker) => {
      attacker.send('GET /health/live HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n').send(chunks);
    });
    await expectService();
    await service.until('all of them to end', () => attackers.every(({ closed }) => closed));
  });

  it('more silent connections than may be open', async () => {
    await attack(1_100, () => undefined);
    await service.until('the oldest to end', () => attackers.filter(({ closed }) => closed).length > 75);
    await expectService();
    expect(attackers.at(-1)?.closed).toBe(false);
  });

  it('headers that come slowly, or are too many', async () => {
    await attack(1, (attacker) => {
      attacker.send('POST /alert HTTP/1.1\r\nHost: x\r\n');
    });
    const many = await RawConnection.to(service.url);
    attackers.push(many);
    many.send(`POST /alert HTTP/1.1\r\nHost: x\r\n${'X-Header: x\r\n'.repeat(10_000)}`);
    await service.until('an answer to the many', () => many.status === 431);
    await service.until('an answer to the slow ones', () => attackers[0]?.status === 408);
    await expectService();
  });

  it('one that asks for 3,600 answers and reads none', async () => {
    await attack(100, (attacker) => {
      attacker.socket.pause();
      attacker.send('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3_600));
    });
    await expectService();
  });

  it('JSON that takes far more memory than its text', async () => {
    const objects = Buffer.from(`[${'{},'.repeat(3_400_000)}0]`);
    await attack(20, (attacker) => {
      attacker.post('/alert', objects.length).send(objects);
    });
    await service.until('an answer for each', () => attackers.every(({ status }) => status !== undefined));
    expect([...new Set(attackers.map(({ status }) => status))].sort()).toEqual([400, 503]);
    await expectService();
  });
});
