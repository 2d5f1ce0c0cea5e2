import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { databaseDown, isOver, TITLE } from '../support/people-world.js';
import { NO_PACE, withSlack } from '../support/service-environment.js';
import { endServices, startService, type ServiceProcess } from '../support/service-process.js';
import { CHANNEL, SlackChannel } from '../support/slack-channel.js';
import { MetricsPage } from './metrics-page.js';

const TOKEN = 'let-me-in';
const ALLOWED = { authorization: `Bearer ${TOKEN}` };
const OTHER = 'C0OTHER001';

describe('GET /metrics tells what comes in and what Slack makes of it', () => {
  let simulator: Simulator;
  let service: ServiceProcess;
  let channel: SlackChannel;
  beforeEach(async () => {
    simulator = await startSimulator({ pace: 'off' });
    simulator.addChannel({ id: OTHER, name: 'other' });
    channel = new SlackChannel(simulator);
    const env = withSlack(simulator, { ...NO_PACE, WEBHOOK_WAIT: '0', WEBHOOK_TOKEN: TOKEN, SLACK_CHANNELS: OTHER });
    service = await startService({ env });
  });
  afterEach(async () => {
    await endServices();
    await simulator.close();
  });
  const post = (alerts: unknown, headers: Record<string, string> = ALLOWED) =>
    service.post('/alert', { status: 'firing', alerts }, headers);
  const page = (): Promise<MetricsPage> => MetricsPage.of(service);

  it('webhooks by their answer, alerts by what they did', async () => {
    const answers = [
      await post([databaseDown('db01')]),
      await post([databaseDown('db01'), databaseDown('db02')]),
      await post([databaseDown('db03'), { labels: 'none' }]),
      await post([{ labels: 'none' }, 7]),
      await post('no list'),
      await post([]),
      await service.post('/alert', '{', ALLOWED),
      await post([databaseDown('db01')], {}),
      await service.post('/alert', `{"alerts":[],"x":"${'x'.repeat(11_000_000)}"}`, ALLOWED),
      await post([
        databaseDown('db03', isOver),
        databaseDown('db03', isOver),
        databaseDown('db04', isOver),
        databaseDown('db03'),
      ]),
    ];
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 200, 400, 400, 200, 400, 401, 413, 200]);
    const now = await page();
    expect(now.by('outcome', 'webhooks_total')).toEqual({
      accepted: 4,
      partly_refused: 1,
      refused: 3,
      unauthorized: 1,
      too_large: 1,
    });
    expect(now.by('outcome', 'alerts_total')).toEqual({
      opened: 1,
      repeated: 1,
      joined: 2,
      refused: 3,
      resolved: 1,
      stale: 1,
      unknown: 1,
      parked: 1,
    });
    expect(now.find('socket_connected')).toBeUndefined(); // there is no SLACK_APP_TOKEN
    expect((await service.get('/alert')).status).toBe(404); // no webhook
    expect((await page()).by('outcome', 'webhooks_total')).toEqual(now.by('outcome', 'webhooks_total'));
  });

  it('what waits in each channel while Slack fails, how Slack refuses, and that nothing waits any more', async () => {
    expect((await page()).by('channel', 'pending_threads')).toEqual({});
    for (const known of [CHANNEL, OTHER]) {
      expect((await page()).find('pending_threads', { channel: known })).toBe(0);
      expect((await page()).find('oldest_pending_seconds', { channel: known })).toBe(0);
    }
    const method = 'chat.postMessage';
    const failing = simulator.faults.add({ kind: 'http', status: 503, method, times: Infinity });
    await post([1, 2, 3].map((n) => databaseDown('db01', { labels: { alertname: `Down${n}`, severity: 'critical' } })));
    const labels = { alertname: 'Elsewhere', severity: 'critical', slack_channel: OTHER };
    await post([databaseDown('db01', { labels })]);
    await service.until(
      'tries',
      async () => ((await page()).by('outcome', 'slack_calls_total', { method })['transient'] ?? 0) > 1,
    );
    await service.until(
      'some age',
      async () => ((await page()).by('channel', 'oldest_pending_seconds')[OTHER] ?? 0) > 1,
    );
    const behind = await page();
    expect(behind.by('channel', 'pending_threads')).toEqual({ [CHANNEL]: 3, [OTHER]: 1 });
    expect(behind.by('channel', 'oldest_pending_seconds')[CHANNEL]).toBeGreaterThan(1);
    expect(behind.by('channel', 'oldest_pending_seconds')[CHANNEL]).toBeLessThan(60);
    expect(behind.find('shown_seconds_count')).toBe(0);

    simulator.faults.add({ kind: 'rate-limit', retryAfter: 1, method });
    const failed = failing.hits;
    await failing.remove();
    await service.until('all to be shown', async () => (await page()).find('shown_seconds_count') === 4);
    const now = await page();
    expect(now.by('channel', 'pending_threads')).toEqual({});
    expect(now.find('oldest_pending_seconds', { channel: CHANNEL })).toBe(0);
    expect(now.by('outcome', 'slack_calls_total', { method })).toEqual({
      ok: 4,
      transient: failing.hits,
      rate_limited: 1,
    });
    expect(failed).toBeGreaterThan(1);
    expect(now.by('method', 'slack_rate_limited_total')).toEqual({ [method]: 1 });
    expect(now.find('slack_call_seconds_count', { method })).toBe(5 + failing.hits);
    expect(now.find('shown_seconds_sum')).toBeGreaterThan(4);
    for (let n = 0; n < 3; n++) await channel.expectThread(TITLE);
    await service.stop();
  });
});
