import { rmSync, writeFileSync } from 'node:fs';
import { startSimulator } from '../../simulator/simulator.js';
import { mountTmpfs } from '../contract/tmpfs.js';
import { describeRedis } from '../support/describe-redis.js';
import { databaseDown } from '../support/people-world.js';
import { Replicas } from '../support/replicas.js';
import { NO_PACE, withSlack } from '../support/service-environment.js';
import { endServices, startService, type ServiceProcess } from '../support/service-process.js';
import { TempFolder } from '../support/temp-folder.js';
import { MetricsPage } from './metrics-page.js';

/** What is promised, and what a shared machine may add. Milliseconds. */
const ANSWERED_WITHIN_MS = 2_000 + 1_000;

const firing = (n: number, description = '') => ({
  status: 'firing',
  alerts: [databaseDown(`db${n}`, { labels: { alertname: `Down${n}` }, annotations: { description } })],
});

/** The page, asked for as Prometheus does, in time. */
const inTime = async (service: ServiceProcess): Promise<MetricsPage> => {
  const began = performance.now();
  const page = await MetricsPage.of(service);
  expect(performance.now() - began).toBeLessThan(ANSWERED_WITHIN_MS);
  return page;
};

describe('GET /metrics while the disk is full', () => {
  it('says that nothing is taken, counts what failed, and still knows what there is', async () => {
    const folder = new TempFolder();
    const unmount = mountTmpfs(folder.path, 'size=1m');
    const simulator = await startSimulator({ pace: 'off' });
    try {
      if (unmount === undefined) return;
      const env = withSlack(simulator, { ...NO_PACE, WEBHOOK_WAIT: '0' });
      const service = await startService({ env, file: folder.file('threads.json') });
      expect((await inTime(service)).find('store_up')).toBe(1);
      writeFileSync(folder.file('ballast'), Buffer.alloc(850_000));
      let taken = 0;
      for (let n = 1; n < 500; n++) {
        if ((await service.post('/alert', firing(n, 'x'.repeat(2_000)))).status !== 200) break;
        taken += 1;
      }
      const full = await inTime(service);
      expect(full.find('store_up')).toBe(0);
      expect(full.by('outcome', 'webhooks_total')).toEqual({ accepted: taken, unavailable: 1 });
      expect(full.by('outcome', 'alerts_total')).toEqual({ opened: taken });
      expect(full.by('status', 'incidents', { severity: 'info' })).toEqual({ firing: taken });
      // the webhook's, and those of the delivery, which keeps trying
      expect(full.find('store_failures_total', { operation: 'update' })).toBeGreaterThanOrEqual(1);
      expect(full.find('store_failures_total', { operation: 'ping' })).toBe(1);

      rmSync(folder.file('ballast'));
      await service.until('room', async () => (await inTime(service)).find('store_up') === 1);
      expect((await service.get('/health/ready')).status).toBe(200);
      await service.until('all to be shown', async () => (await inTime(service)).find('shown_seconds_count') === taken);
      await service.stop();
    } finally {
      await endServices();
      await simulator.close();
      unmount?.();
      folder.remove();
    }
  });
});

describeRedis('GET /metrics of replicas', () => {
  let replicas: Replicas;
  afterEach(async () => {
    await (replicas as Replicas | undefined)?.end();
  });
  const pages = (): Promise<MetricsPage[]> => Promise.all(replicas.all.map((service) => inTime(service)));
  /** What is said of the shared store. */
  const shared = (page: MetricsPage) =>
    page.families
      .filter(({ name }) => /_(incidents|pending_threads|store_up)$/.test(name))
      .map(({ samples }) => samples);

  it('is the same for what they share, and each its own for what it did', async () => {
    replicas = await Replicas.start({ count: 2 });
    const failing = replicas.simulator.faults.add({ kind: 'http', status: 503, method: /^chat/, times: Infinity });
    for (const n of [1, 2, 3]) expect((await replicas.at(n % 2).post('/alert', firing(n))).status).toBe(200);
    const [first, second] = await pages();
    expect(first?.by('channel', 'pending_threads')).toEqual({ C0ALERTS01: 3 });
    expect(first?.by('status', 'incidents', { severity: 'info' })).toEqual({ firing: 3 });
    expect(first && shared(first)).toEqual(second && shared(second));
    expect([first, second].map((page) => page?.by('outcome', 'alerts_total'))).toEqual([{ opened: 1 }, { opened: 2 }]);
    await failing.remove();
    const shown = async (): Promise<number> => {
      const counts = (await pages()).map((page) => page.find('shown_seconds_count') ?? NaN);
      return counts.reduce((sum, one) => sum + one, 0);
    };
    await replicas.until('all to be shown', async () => (await shown()) >= 3);
    expect(await shown()).toBe(3); // each by the replica that showed it
    expect((await pages()).map((page) => page.by('channel', 'pending_threads'))).toEqual([{}, {}]);
    expect((await pages())[0]?.find('store_operation_seconds_count', { operation: 'get' })).toBeGreaterThan(0);
    await replicas.stop();
  });

  it.each([
    ['stopped', (one: Replicas) => one.redis.stop(), (one: Replicas) => one.redis.startAgain()],
    [
      'hanging',
      (one: Replicas) => {
        one.redis.pause();
        return Promise.resolve();
      },
      (one: Replicas) => {
        one.redis.resume();
        return Promise.resolve();
      },
    ],
  ])('is answered in time while Redis is %s, without what can not be known', async (_how, takeAway, bringBack) => {
    replicas = await Replicas.start({ count: 1 });
    const service = replicas.at(0);
    expect((await service.post('/alert', firing(1))).status).toBe(200);
    await service.until('its thread', async () => (await inTime(service)).find('shown_seconds_count') === 1);
    await takeAway(replicas);
    expect((await service.post('/alert', firing(2))).status).toBe(503);
    const away = await inTime(service);
    expect(away.find('store_up')).toBe(0);
    for (const gauge of ['incidents', 'pending_threads', 'oldest_pending_seconds']) {
      expect(away.families.find(({ name }) => name === `alert_threader_${gauge}`)?.samples).toEqual([]);
    }
    expect(away.by('outcome', 'webhooks_total')).toEqual({ accepted: 1, unavailable: 1 });
    expect(away.find('store_failures_total', { operation: 'update' })).toBeGreaterThanOrEqual(1);
    expect(away.find('shown_seconds_count')).toBe(1);
    await bringBack(replicas);
    await service.until('Redis', async () => (await inTime(service)).find('store_up') === 1);
    expect((await inTime(service)).by('status', 'incidents', { severity: 'info' })).toEqual({ firing: 1 });
    await replicas.stop();
  });
});
