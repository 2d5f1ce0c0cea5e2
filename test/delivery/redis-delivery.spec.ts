import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { SystemClock } from '../../src/clock/clock.js';
import { loadConfig } from '../../src/config/load-config.js';
import { buildDelivery } from '../../src/delivery/build-delivery.js';
import type { ReconcilingDelivery } from '../../src/delivery/reconciling-delivery.js';
import { RedisPace } from '../../src/delivery/redis-pace.js';
import { RedisWakeUps } from '../../src/delivery/redis-wake-ups.js';
import { SharedClock } from '../../src/delivery/shared-clock.js';
import { alertOf, ended } from '../../src/domain/domain.fixture.js';
import { LEASE_MS } from '../../src/domain/lease.js';
import { Folding } from '../../src/incidents/folding.js';
import { IncidentChanges } from '../../src/incidents/incident-changes.js';
import { IncidentsService } from '../../src/incidents/incidents.service.js';
import { WebApiSlackClient } from '../../src/slack/web-api-slack-client.js';
import { PREFIX } from '../redis/connections.js';
import { RedisStores } from '../redis/redis-stores.js';
import { describeRedis } from '../support/describe-redis.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { RedisServer } from '../support/redis-server.js';

const CHANNEL = 'C0ALERTS01';
/** More than the workspace's burst of posts, together with their replies. */
const COUNT = 15;
const named = (n: number) =>
  alertOf(`f${String(n)}`, { labels: { alertname: `A${String(n)}`, severity: 'warning', instance: `i${String(n)}` } });

describeRedis('three deliveries on a real Redis', () => {
  let server: RedisServer;
  let simulator: Simulator;
  const stores = new RedisStores();
  const replicas: { delivery: ReconcilingDelivery; incidents: IncidentsService }[] = [];

  beforeAll(async () => {
    server = await RedisServer.start();
    simulator = await startSimulator({ pace: 'off' });
    const config = loadConfig({
      SLACK_BOT_TOKEN: simulator.botToken,
      SLACK_CHANNEL: CHANNEL,
      SLACK_API_URL: simulator.apiUrl,
      ENVIRONMENT: 'production',
      WEBHOOK_WAIT: '0',
      SLACK_POSTS_PER_SECOND: '50',
      SLACK_POST_BURST: '5',
    });
    const own = new SystemClock();
    for (const owner of ['one', 'two', 'three']) {
      const { store, connection } = await stores.store(server.url, { channel: CHANNEL });
      const clock = new SharedClock(connection, own);
      const slack = new WebApiSlackClient({
        token: config.slackBotToken.reveal(),
        apiUrl: config.slackApiUrl,
        timeoutMs: 2_000,
      });
      const pace = new RedisPace(own, connection, { postsPerSecond: 50, postBurst: 5 }, PREFIX);
      const shared = {
        leaseMs: LEASE_MS,
        wakeUps: new RedisWakeUps(connection, `${PREFIX}-changed`, owner),
        onLoss: connection.onNewMaster.bind(connection),
      };
      const logger = new RecordingLogger();
      const delivery = buildDelivery({ store, slack, pace, config, clock, logger, random: Math.random, owner, shared });
      const incidents = new IncidentsService(
        store,
        delivery,
        config,
        new IncidentChanges(store, delivery, config, own),
        new Folding(store, config, own, logger),
      );
      replicas.push({ delivery, incidents });
      await delivery.start();
    }
  });
  afterAll(async () => {
    for (const { delivery } of replicas) await delivery.stop();
    await stores.close();
    await simulator.close();
    await server.dispose();
  });

  const roots = () => simulator.workspace.messages(CHANNEL).filter(({ deleted, thread_ts }) => !deleted && !thread_ts);
  const receive = (n: number, ...alerts: ReturnType<typeof named>[]): Promise<unknown> =>
    replicas[n]?.incidents.receive(alerts.map((alert) => ({ alert, channel: CHANNEL, truncated: 0 }))) ??
    Promise.resolve();

  it('show each problem once, with each reply once, though all of them hear of everything', async () => {
    const alerts = Array.from({ length: COUNT }, (_, n) => named(n));
    await Promise.all([0, 1, 2].map((n) => receive(n, ...alerts)));
    await simulator.waitFor(() => roots().length >= COUNT, { what: 'all roots' });
    const over = alerts.map((alert) => ended(alert.fingerprint, Date.now(), { labels: alert.labels }));
    await Promise.all([0, 1, 2].map((n) => receive(n, ...over)));
    await simulator.waitFor(() => roots().every(({ ts }) => simulator.workspace.replies(CHANNEL, ts).length >= 1), {
      what: 'all resolved cards',
    });
    await simulator.waitFor(() => replicas.every(({ delivery }) => delivery.status().ready === 0), {
      what: 'all replicas to know it',
    });
    expect(roots()).toHaveLength(COUNT);
    expect(roots().map(({ ts }) => simulator.workspace.replies(CHANNEL, ts).length)).toEqual(Array(COUNT).fill(1));
    const posts = simulator.calls.filter(({ method }) => method === 'chat.postMessage');
    expect(posts).toHaveLength(2 * COUNT);
  });
});
