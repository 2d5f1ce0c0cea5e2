import request from 'supertest';
import { FakeDelivery } from '../../test/support/fake-delivery.js';
import { FakeSlackSocket } from '../../test/support/fake-slack-socket.js';
import { startHttpApp, type HttpApp } from '../../test/support/http-app.js';
import { Delivery } from '../delivery/delivery.js';
import { SlackSocket } from '../slack/slack-socket.js';
import {
  StoreUnavailableError,
  ThreadStore,
  type CachedThread,
  type StoreCounts,
  type StoreOverview,
} from '../thread-store/thread-store.js';
import { CacheController } from './cache.controller.js';
import { StatsController } from './stats.controller.js';

class FakeStore implements Pick<ThreadStore, 'counts' | 'overview' | 'threads' | 'clear'> {
  cached: CachedThread[] = [
    { key: 'A|critical|db|eu|production', channel: 'C0123456789', ts: '1.1' },
    { key: 'A|critical|db|eu|production', channel: 'C2222222222', ts: '2.2' },
    { key: '__proto__', channel: 'C0123456789', ts: '3.3' },
  ];
  backlog: StoreOverview['backlog'] = [];
  broken = false;

  counts(): Promise<StoreCounts> {
    if (this.broken) return Promise.reject(new StoreUnavailableError('x', 'EIO'));
    const incidents = { firing: 2, acknowledged: 1, resolved: 4 };
    return Promise.resolve({ threads: this.cached.length, incidents, archived: 3, pending: 6 });
  }

  overview(): Promise<StoreOverview> {
    return Promise.resolve({ incidents: [], backlog: this.backlog });
  }

  threads(): Promise<readonly CachedThread[]> {
    return Promise.resolve(this.cached);
  }

  clear(): Promise<number> {
    const cleared = this.cached.length;
    this.cached = [];
    return Promise.resolve(cleared);
  }
}

describe('state of the service', () => {
  let http: HttpApp;
  let store: FakeStore;
  let delivery: FakeDelivery;

  const start = async (ADMIN_TOKEN?: string): Promise<void> => {
    store = new FakeStore();
    delivery = new FakeDelivery();
    http = await startHttpApp(
      {
        controllers: [StatsController, CacheController],
        providers: [
          { provide: ThreadStore, useValue: store },
          { provide: Delivery, useValue: delivery },
          { provide: SlackSocket, useClass: FakeSlackSocket },
        ],
      },
      { ADMIN_TOKEN },
    );
  };
  const server = () => request(http.app.getHttpServer());

  beforeEach(() => start());
  afterEach(() => http.app.close());

  it('GET /stats counts', async () => {
    delivery.current = {
      apart: [],
      ready: 1,
      outages: [],
      calls: { 'chat.postMessage': { ok: 7, rate: 1 } },
    };
    http.clock.jump(61_999);
    store.backlog = [
      { channel: 'C0123456789', threads: 2, since: http.clock.now() - 1_499 },
      { channel: 'C2222222222', threads: 1, since: http.clock.now() - 300 },
    ];
    await server()
      .get('/stats')
      .expect(200, {
        cached_threads: 3,
        thread_store: 'file',
        environment: 'production',
        uptime: '2024-01-15T14:30:25.000Z',
        uptime_seconds: 61,
        incidents: { firing: 2, acknowledged: 1, resolved: 4, archived: 3 },
        queue: {
          depth: 3,
          depth_by_channel: { C0123456789: 2, C2222222222: 1 },
          oldest_waiting_seconds: 1,
          ready: 1,
          scheduled: 6,
        },
        slack_calls: { 'chat.postMessage': { ok: 7, rate: 1 } },
        socket: {
          state: 'off',
          since: '1970-01-01T00:00:00.000Z',
          last_envelope_at: null,
          reconnects: 0,
          connections: null,
          error: null,
        },
      });
  });

  it('GET /stats stays short with more channels than anybody reads', async () => {
    store.backlog = Array.from({ length: 5_000 }, (_, n) => ({ channel: `C${n}`, threads: 1, since: 0 }));
    const { body, text } = await server().get('/stats').expect(200);
    expect(body.queue.depth).toBe(5_000);
    expect(body.queue.depth_by_channel.other).toBe(4_950);
    expect(text.length).toBeLessThan(3_000);
  });

  it('GET /stats answers 503 when the store cannot be read', async () => {
    store.broken = true;
    await server().get('/stats').expect(503);
  });

  it('GET /cache shows every thread, other channels by @', async () => {
    const { text } = await server().get('/cache').expect(200);
    expect(text).toBe(
      JSON.stringify({
        cached_threads: 3,
        threads: {
          'A|critical|db|eu|production': '1.1',
          'A|critical|db|eu|production@C2222222222': '2.2',
          ['__proto__']: '3.3',
        },
        thread_store: 'file',
      }),
    );
  });

  it('DELETE /cache forgets them', async () => {
    await server().delete('/cache').expect(200, { message: '3 threads forgotten', cleared: 3 });
    await server().delete('/cache').expect(200, { message: '0 threads forgotten', cleared: 0 });
    await server().get('/cache').expect(200, { cached_threads: 0, threads: {}, thread_store: 'file' });
    expect(http.log.lines[0]).toMatchObject({ message: 'threads forgotten on request', fields: { cleared: 3 } });
  });

  it('wants ADMIN_TOKEN for the cache and not for the counts', async () => {
    await http.app.close();
    await start('adm-1');
    await server().get('/stats').expect(200);
    await server().get('/cache').expect(401);
    await server().delete('/cache').expect(401);
    expect(store.cached).toHaveLength(3);
    await server().delete('/cache').set('Authorization', 'Bearer adm-1').expect(200);
    expect(store.cached).toHaveLength(0);
  });
});
