import { TerminusModule } from '@nestjs/terminus';
import { Registry } from 'prom-client';
import request from 'supertest';
import { Delivery } from '../../src/delivery/delivery.js';
import { alertOf, ended } from '../../src/domain/domain.fixture.js';
import { HealthController } from '../../src/health/health.controller.js';
import { OldestWaitingHealth } from '../../src/health/oldest-waiting.health.js';
import { RecordsApartHealth } from '../../src/health/records-apart.health.js';
import { RedisWarnings } from '../../src/health/redis-warnings.js';
import { SlackHealth } from '../../src/health/slack.health.js';
import { FoldingHealth } from '../../src/health/folding.health.js';
import { SocketHealth } from '../../src/health/socket.health.js';
import { ThreadStoreHealth } from '../../src/health/thread-store.health.js';
import { StateGauges } from '../../src/metrics/state-gauges.js';
import { SlackSocket } from '../../src/slack/slack-socket.js';
import { StatsController } from '../../src/stats/stats.controller.js';
import { ThreadStore } from '../../src/thread-store/thread-store.js';
import { CHANNEL, DeliveryHarness, OTHER_CHANNEL } from '../support/delivery-harness.js';
import { FakeSlackSocket } from '../support/fake-slack-socket.js';
import { startHttpApp, type HttpApp } from '../support/http-app.js';

const MINUTE = 60_000;

/** Without Prometheus people watch /health. It, /stats and /metrics say the same of what Slack does not show yet. */
describe('while Slack does not take what is to be shown, GET /health', () => {
  let slack: DeliveryHarness;
  let http: HttpApp;
  let registry: Registry;

  beforeEach(async () => {
    slack = await DeliveryHarness.start();
    registry = new Registry();
    http = await startHttpApp(
      {
        imports: [TerminusModule.forRoot({ logger: false })],
        controllers: [HealthController, StatsController],
        providers: [
          { provide: ThreadStore, useValue: slack.process.store },
          { provide: Delivery, useValue: slack.process.delivery },
          { provide: SlackSocket, useClass: FakeSlackSocket },
          { provide: Registry, useValue: registry },
          ...[
            RedisWarnings,
            ThreadStoreHealth,
            SlackHealth,
            SocketHealth,
            OldestWaitingHealth,
            FoldingHealth,
            StateGauges,
          ],
          RecordsApartHealth,
        ],
      },
      { SLACK_CHANNEL: CHANNEL },
      slack.clock,
    );
  });
  afterEach(async () => {
    await http.app.close();
    await slack.close();
  });

  const get = (path: string): request.Test => request(http.app.getHttpServer()).get(path).expect(200);
  const oldestOfMetrics = async (): Promise<number | undefined> => {
    await http.app.get(StateGauges).read();
    const { values } = (await registry.getSingleMetric('alert_threader_oldest_pending_seconds')?.get()) ?? {};
    return values?.find(({ labels }) => labels['channel'] === CHANNEL)?.value;
  };
  const severalThreads = (count: number) =>
    Array.from({ length: count }, (_, n) => alertOf(`aa${String(n)}`, { labels: { alertname: `A${String(n)}` } }));

  it.each([
    ['one thread, HTTP 503', 1, { kind: 'http', status: 503 }, { kind: 'transient', code: 'http_503' }],
    ['many threads, HTTP 503', 20, { kind: 'http', status: 503 }, { kind: 'transient', code: 'http_503' }],
    [
      'one thread, an archived channel',
      1,
      { kind: 'error', code: 'is_archived' },
      { kind: 'channel', code: 'is_archived', channel: CHANNEL },
    ],
  ] as const)('says so: %s', async (_, count, answer, reason) => {
    const fault = slack.simulator.faults.add({ method: 'chat.postMessage', times: Infinity, ...answer });
    const began = slack.clock.now();
    await slack.receive(...severalThreads(count));
    await slack.pass(20 * MINUTE);

    const seconds = (slack.clock.now() - began) / 1_000;
    expect((await get('/health')).body).toMatchObject({
      status: 'degraded',
      details: {
        oldest_waiting: { status: 'degraded', threads: count, seconds },
        slack: { status: 'degraded', outages: [reason] },
      },
    });
    expect((await get('/stats')).body.queue).toMatchObject({
      depth: count,
      depth_by_channel: { [CHANNEL]: count },
      oldest_waiting_seconds: seconds,
    });
    expect(await oldestOfMetrics()).toBe(seconds);

    await fault.remove();
    await slack.pass(2 * MINUTE);
    expect((await get('/health')).body).toMatchObject({
      status: 'healthy',
      details: { oldest_waiting: { status: 'up', threads: 0, seconds: 0 }, slack: { status: 'up' } },
    });
    expect((await get('/stats')).body.queue).toMatchObject({
      depth: 0,
      depth_by_channel: {},
      oldest_waiting_seconds: 0,
    });
    expect(await oldestOfMetrics()).toBe(0);
  });

  it('names a Slack that is down after a minute, and not at the first failed call', async () => {
    slack.simulator.faults.add({ method: 'chat.postMessage', kind: 'http', status: 503, times: Infinity });
    await slack.receive(alertOf('aa01'));
    await slack.pass(30_000);
    expect((await get('/health')).body.status).toBe('healthy');
    await slack.pass(90_000);
    expect((await get('/health')).body).toMatchObject({
      status: 'degraded',
      details: { oldest_waiting: { status: 'up', threads: 1 }, slack: { outages: [{ code: 'http_503' }] } },
    });
  });

  it('does not go on about a failure that was followed by none, nor by a call', async () => {
    slack.simulator.faults.add({ method: 'chat.postMessage', kind: 'http', status: 503, times: Infinity });
    await slack.receive(alertOf('aa01'));
    await slack.pass(2 * MINUTE);
    expect((await get('/health')).body.details.slack.status).toBe('degraded');
    await slack.process.delivery.stop();
    await slack.pass(3 * MINUTE);
    expect((await get('/health')).body.details.slack.status).toBe('up');
  });

  it('counts nothing as waiting once all is shown, though the record is looked at again later', async () => {
    await slack.receiveIn(OTHER_CHANNEL, alertOf('aa01'));
    await slack.pass(5_000);
    await slack.receiveIn(OTHER_CHANNEL, ended('aa01', slack.clock.now()));
    await slack.pass(15 * MINUTE);
    expect((await get('/stats')).body.queue).toEqual({
      depth: 0,
      depth_by_channel: {},
      oldest_waiting_seconds: 0,
      ready: 0,
      scheduled: 1,
    });
  });
});
