import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { mountTmpfs } from '../contract/tmpfs.js';
import { NO_PACE, withSlack } from '../support/service-environment.js';
import { endServices, startService, type ServiceProcess } from '../support/service-process.js';
import { SlackChannel } from '../support/slack-channel.js';
import { TempFolder } from '../support/temp-folder.js';

const NUMBERED = /^⚠️ Disk full \d+$/;

/** A webhook of a good size, so that a small disk is full soon. */
const webhook = (n: number) => ({
  status: 'firing',
  alerts: [
    {
      labels: { alertname: `DiskFull${n}`, severity: 'warning', instance: `db${n}` },
      annotations: { summary: `Disk full ${n}`, description: 'x'.repeat(2_000) },
      startsAt: '2024-01-15T14:30:25Z',
    },
  ],
});
const keyOf = (n: number): string => `DiskFull${n}|warning|unknown|default|production`;

describe('a disk that takes nothing', () => {
  let simulator: Simulator;
  let channel: SlackChannel;
  let folder: TempFolder;
  let mounts: (() => void)[];

  beforeEach(async () => {
    folder = new TempFolder();
    mounts = [];
    simulator = await startSimulator({ pace: 'off' });
    channel = new SlackChannel(simulator);
  });
  afterEach(async () => {
    await endServices();
    for (const unmount of mounts.reverse()) unmount();
    await simulator.close();
    folder.remove();
  });

  const mount = (path: string, options: string): boolean => {
    const unmount = mountTmpfs(path, options);
    if (unmount === undefined) return false;
    mounts.push(unmount);
    return true;
  };
  const start = (file: string): Promise<ServiceProcess> =>
    startService({ env: withSlack(simulator, { ...NO_PACE, WEBHOOK_WAIT: '0' }), file });
  const expectRefusal = async (threader: ServiceProcess, n: number): Promise<void> => {
    const answer = await threader.post('/alert', webhook(n));
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(answer.body).toMatchObject({ ok: false, statusCode: 503, error: expect.stringMatching(/store/) as string });
    expect((await threader.get('/health')).status).toBe(503);
    expect((await threader.get('/health')).body.status).toBe('unhealthy');
    expect((await threader.get('/health/ready')).status).toBe(503);
    expect((await threader.get('/health/live')).status).toBe(200);
  };
  const expectRecovery = (threader: ServiceProcess): Promise<true> =>
    threader.until(
      'health without a restart or an alert',
      async () => (await threader.get('/health/ready')).status === 200,
    );
  /** All of these threads are in Slack, and the service knows them; also after a restart. */
  const expectShown = async (threader: ServiceProcess, file: string, numbers: readonly number[]): Promise<void> => {
    const isKnown = async (running: ServiceProcess): Promise<boolean> => {
      const { threads } = (await running.get('/cache')).body as { threads: Record<string, string> };
      return numbers.every((n) => threads[keyOf(n)] !== undefined) && Object.keys(threads).length === numbers.length;
    };
    await threader.until('every accepted alert to be shown', () => isKnown(threader));
    for (const _ of numbers) await channel.expectThread(NUMBERED);
    await channel.expectNothingElse(threader);
    await threader.stop();
    const again = await start(file);
    expect(await isKnown(again)).toBe(true);
    await again.stop();
  };

  it('since it is full: says so, recovers by itself once there is room, and keeps what it had taken', async () => {
    if (!mount(folder.path, 'size=1m')) return;
    const file = folder.file('threads.json');
    const threader = await start(file);
    writeFileSync(folder.file('ballast'), Buffer.alloc(850_000));
    const taken: number[] = [];
    for (let n = 1; ; n++) {
      const { status } = await threader.post('/alert', webhook(n));
      if (status !== 200) break;
      taken.push(n);
      expect(n).toBeLessThan(500);
    }
    expect(taken.length).toBeGreaterThan(3);
    await expectRefusal(threader, 1_000);

    rmSync(folder.file('ballast'));
    await expectRecovery(threader);
    for (const n of [2_001, 2_002]) {
      expect((await threader.post('/alert', webhook(n))).status).toBe(200);
      taken.push(n);
    }
    await expectShown(threader, file, taken);
  });

  it('since it is read-only: says so, and recovers by itself', async () => {
    // a disk that is being written can't be made read-only: a read-only one is mounted over the store's folder
    const parent = folder.file('store');
    mkdirSync(parent);
    const file = `${parent}/threads.json`;
    const threader = await start(file);
    expect((await threader.post('/alert', webhook(1))).status).toBe(200);
    await channel.expectThread('⚠️ Disk full 1');
    await threader.idle();
    if (!mount(parent, 'ro')) return;
    await expectRefusal(threader, 2);
    await expectRefusal(threader, 3);

    mounts.pop()?.();
    await expectRecovery(threader);
    expect((await threader.post('/alert', webhook(4))).status).toBe(200);
    await channel.expectThread('⚠️ Disk full 4');
    await channel.expectNothingElse(threader);
    expect(Object.keys((await threader.get('/cache')).body.threads)).toEqual([keyOf(1), keyOf(4)]);
    await threader.stop();
  });
});
