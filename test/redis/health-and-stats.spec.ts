import { TerminusModule } from '@nestjs/terminus';
import request from 'supertest';
import { Delivery } from '../../src/delivery/delivery.js';
import { HealthController } from '../../src/health/health.controller.js';
import { OldestWaitingHealth } from '../../src/health/oldest-waiting.health.js';
import { RecordsApartHealth } from '../../src/health/records-apart.health.js';
import { RedisWarnings } from '../../src/health/redis-warnings.js';
import { SlackHealth } from '../../src/health/slack.health.js';
import { FoldingHealth } from '../../src/health/folding.health.js';
import { SocketHealth } from '../../src/health/socket.health.js';
import { ThreadStoreHealth } from '../../src/health/thread-store.health.js';
import type { IoredisConnection } from '../../src/redis/ioredis-connection.js';
import { RedisConnection } from '../../src/redis/redis-connection.js';
import { SlackSocket } from '../../src/slack/slack-socket.js';
import { StatsController } from '../../src/stats/stats.controller.js';
import { ThreadStore } from '../../src/thread-store/thread-store.js';
import { CHANNEL, holding, incidentId, KEY, thread } from '../contract/records.js';
import { describeRedis } from '../support/describe-redis.js';
import { eventually } from '../support/eventually.js';
import { FakeDelivery } from '../support/fake-delivery.js';
import { FakeSlackSocket } from '../support/fake-slack-socket.js';
import { startHttpApp, type HttpApp } from '../support/http-app.js';
import { PROMPTLY_MS } from '../support/promptly.js';
import { RedisServer } from '../support/redis-server.js';
import { RedisStores } from './redis-stores.js';

describeRedis('GET /health and /stats with Redis', () => {
  let server: RedisServer;
  let stores: RedisStores;
  let connection: IoredisConnection;
  let http: HttpApp;
  const get = (path: string): request.Test => request(http.app.getHttpServer()).get(path);

  beforeEach(async () => {
    server = await RedisServer.start();
    stores = new RedisStores();
    const opened = await stores.store(server.url);
    ({ connection } = opened);
    await opened.store.update(KEY, CHANNEL, holding(thread(incidentId(1), { rootTs: '1.1' })));
    http = await startHttpApp(
      {
        imports: [TerminusModule.forRoot({ logger: false })],
        controllers: [HealthController, StatsController],
        providers: [
          { provide: ThreadStore, useValue: opened.store },
          { provide: RedisConnection, useValue: connection },
          { provide: Delivery, useClass: FakeDelivery },
          { provide: SlackSocket, useClass: FakeSlackSocket },
          ...[
            RedisWarnings,
            ThreadStoreHealth,
            SlackHealth,
            SocketHealth,
            OldestWaitingHealth,
            FoldingHealth,
            RecordsApartHealth,
          ],
        ],
      },
      { THREAD_STORE: 'redis' },
    );
  });
  afterEach(async () => {
    await http.app.close();
    await stores.close();
    await server.dispose();
  });

  it('tell of Redis', async () => {
    expect((await get('/health').expect(200)).body).toMatchObject({
      status: 'healthy',
      thread_store: 'redis',
      redis_status: 'connected',
      cached_threads: 1,
      details: { thread_store: { status: 'up' } },
    });
    expect((await get('/stats').expect(200)).body).toMatchObject({
      thread_store: 'redis',
      cached_threads: 1,
      redis: {
        connected_clients: 1,
        used_memory_human: expect.stringMatching(/M$/) as unknown,
        keyspace_hits: expect.any(Number) as unknown,
        keyspace_misses: expect.any(Number) as unknown,
      },
    });
  });

  it('are degraded, and still ready, where Redis is not set up well', async () => {
    await connection.client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    expect((await get('/health').expect(200)).body).toMatchObject({
      status: 'degraded',
      details: {
        thread_store: { status: 'degraded', warnings: [expect.stringContaining('maxmemory-policy noeviction')] },
      },
    });
    await get('/health/ready').expect(200, { status: 'ready' });
  });

  it('answer 503 fast while Redis is away, and recover; the process is alive all the time', async () => {
    await server.kill9();
    await eventually('the loss', () => connection.status().error === 'ECONNREFUSED');
    const began = performance.now();
    expect((await get('/health').expect(503)).body).toMatchObject({
      ok: false,
      status: 'unhealthy',
      redis_status: 'reconnecting',
      cached_threads: null,
      details: { thread_store: { status: 'down', code: 'ECONNREFUSED' } },
    });
    await get('/health/ready').expect(503);
    await get('/stats').expect(503);
    await get('/health/live').expect(200, { status: 'alive' });
    expect(performance.now() - began).toBeLessThan(PROMPTLY_MS);
    await server.startAgain();
    await eventually('Redis', () => connection.status().state === 'connected');
    await get('/health/ready').expect(200);
  });
});
