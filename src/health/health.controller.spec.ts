import { TerminusModule } from '@nestjs/terminus';
import request from 'supertest';
import { FakeDelivery } from '../../test/support/fake-delivery.js';
import { FakeSlackSocket } from '../../test/support/fake-slack-socket.js';
import { startHttpApp, type HttpApp } from '../../test/support/http-app.js';
import { Delivery } from '../delivery/delivery.js';
import {
  StoreUnavailableError,
  ThreadStore,
  type StoreCounts,
  type StoreOverview,
  type UnreadableRecords,
} from '../thread-store/thread-store.js';
import { HealthController } from './health.controller.js';
import { OldestWaitingHealth } from './oldest-waiting.health.js';
import { RecordsApartHealth } from './records-apart.health.js';
import { RedisWarnings } from './redis-warnings.js';
import { SlackHealth } from './slack.health.js';
import type { ThreadRecord } from '../domain/record.js';
import { FoldingHealth } from './folding.health.js';
import { SocketHealth } from './socket.health.js';
import { SlackSocket } from '../slack/slack-socket.js';
import { ThreadStoreHealth } from './thread-store.health.js';

class FakeStore implements Pick<ThreadStore, 'ping' | 'counts' | 'overview' | 'folds' | 'unreadable'> {
  answer: Promise<void> = Promise.resolve();
  backlog: StoreOverview['backlog'] = [];
  kept: UnreadableRecords = { count: 0, records: [] };

  ping(): Promise<void> {
    return this.answer;
  }

  async counts(): Promise<StoreCounts> {
    await this.answer;
    return { threads: 5, incidents: { firing: 1, acknowledged: 0, resolved: 0 }, archived: 0, pending: 0 };
  }

  folded: readonly ThreadRecord[] = [];

  async folds(): Promise<readonly ThreadRecord[]> {
    await this.answer;
    return this.folded;
  }

  async unreadable(): Promise<UnreadableRecords> {
    await this.answer;
    return this.kept;
  }

  async overview(): Promise<StoreOverview> {
    await this.answer;
    return { incidents: [], backlog: this.backlog };
  }
}

const SINCE = Date.parse('2024-01-15T14:00:00Z');
const OUTAGE = {
  kind: 'channel',
  code: 'is_archived',
  channel: 'C0123456789',
  since: SINCE,
  at: SINCE + 60_000,
} as const;

describe('health', () => {
  let http: HttpApp;
  let store: FakeStore;
  let delivery: FakeDelivery;
  let socket: FakeSlackSocket;
  const get = (path: string): request.Test => request(http.app.getHttpServer()).get(path);
  const breakStore = (error: Error): void => {
    store.answer = Promise.reject(error);
    store.answer.catch(() => undefined);
  };

  beforeEach(async () => {
    store = new FakeStore();
    delivery = new FakeDelivery();
    socket = new FakeSlackSocket();
    http = await startHttpApp({
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
      providers: [
        { provide: ThreadStore, useValue: store },
        { provide: Delivery, useValue: delivery },
        RedisWarnings,
        ThreadStoreHealth,
        { provide: SlackSocket, useValue: socket },
        SlackHealth,
        SocketHealth,
        FoldingHealth,
        OldestWaitingHealth,
        RecordsApartHealth,
      ],
    });
  });
  afterEach(() => http.app.close());

  it("answers in the seed's shape", async () => {
    const { headers } = await get('/health').expect(200, {
      status: 'healthy',
      environment: 'production',
      channel: 'C0123456789',
      thread_store: 'file',
      cached_threads: 5,
      timestamp: '2024-01-15T14:30:25.000Z',
      details: {
        thread_store: { status: 'up' },
        slack: { status: 'up' },
        oldest_waiting: { status: 'up', threads: 0, seconds: 0 },
        socket: {
          status: 'up',
          state: 'off',
          since: '1970-01-01T00:00:00.000Z',
          last_envelope_at: null,
          reconnects: 0,
          connections: null,
          error: null,
        },
        folding: { status: 'up' },
        records_apart: { status: 'up', count: 0 },
      },
    });
    expect(headers['cache-control']).toContain('no-store');
  });

  it('is degraded, with 200, when Slack fails', async () => {
    delivery.current = { ...delivery.current, outages: [OUTAGE] };
    const { body } = await get('/health').expect(200);
    expect(body.status).toBe('degraded');
    expect(body.details.slack).toEqual({
      status: 'degraded',
      outages: [
        {
          channel: 'C0123456789',
          kind: 'channel',
          code: 'is_archived',
          since: '2024-01-15T14:00:00.000Z',
          last: '2024-01-15T14:01:00.000Z',
        },
      ],
    });
    await get('/health/ready').expect(200, { status: 'ready' });
  });

  it('names at most 50 outages, and counts the others', async () => {
    const outages = Array.from({ length: 1_200 }, (_, n) => ({ ...OUTAGE, channel: `C${n}` }));
    delivery.current = { ...delivery.current, outages: [{ ...OUTAGE, kind: 'app', code: 'invalid_auth' }, ...outages] };
    const { body } = await get('/health').expect(200);
    const { slack } = body.details;
    expect(slack.outages).toHaveLength(50);
    expect(slack.outages[0]).toMatchObject({ kind: 'app', code: 'invalid_auth' });
    expect(slack.more_outages).toBe(1_151);
  });

  it('names records with which something is wrong, five of them', async () => {
    const one = { channel: OUTAGE.channel, reason: 'failed', since: SINCE, code: 'TypeError', tries: 3 } as const;
    const apart = Array.from({ length: 6 }, (_, n) => ({ ...one, key: `key ${n}` }));
    delivery.current = { ...delivery.current, apart };
    store.kept = { count: 2, records: [{ key: 'beside', channel: 'C2222222222' }] };
    const { body } = await get('/health').expect(200);
    expect(body).toMatchObject({ status: 'degraded', details: { records_apart: { status: 'degraded', count: 8 } } });
    expect(body.details.records_apart.advice).toContain('docs/operations.md');
    expect(body.details.records_apart.records).toHaveLength(5);
    expect(body.details.records_apart.records[0]).toEqual({
      key: 'key 0',
      reason: 'failed',
      code: 'TypeError',
      since: '2024-01-15T14:00:00.000Z',
      tries: 3,
    });

    delivery.current = { ...delivery.current, apart: [] };
    expect((await get('/health').expect(200)).body.details.records_apart).toMatchObject({
      count: 2,
      records: [{ key: 'beside@C2222222222', reason: 'unreadable' }],
    });
    await get('/health/ready').expect(200, { status: 'ready' });
  });

  it('is degraded when a thread waits for more than 5 minutes', async () => {
    const now = http.clock.now();
    store.backlog = [
      { channel: 'C0123456789', threads: 2, since: now - 1_000 },
      { channel: 'C2222222222', threads: 1, since: now - 300_000 },
    ];
    expect((await get('/health').expect(200)).body.status).toBe('healthy');
    http.clock.jump(1);
    const { body } = await get('/health').expect(200);
    expect(body).toMatchObject({ status: 'degraded', details: { oldest_waiting: { threads: 3, seconds: 300 } } });
  });

  it('tells of the socket, and is degraded while clicks can not come', async () => {
    const now = Date.parse('2024-01-15T14:30:25Z');
    const connected = {
      ...socket.now,
      state: 'connected',
      since: now - 60_000,
      lastEnvelopeAt: now,
      connections: 1,
    } as const;
    socket.now = connected;
    expect((await get('/health').expect(200)).body).toMatchObject({
      status: 'healthy',
      details: { socket: { status: 'up', state: 'connected', last_envelope_at: '2024-01-15T14:30:25.000Z' } },
    });
    socket.now = { ...connected, state: 'reconnecting', since: now - 5_000 };
    expect((await get('/health').expect(200)).body.status).toBe('healthy');
    socket.now = { ...connected, state: 'reconnecting', since: now - 31_000 };
    expect((await get('/health').expect(200)).body.status).toBe('degraded');
    socket.now = { ...connected, state: 'reconnecting', since: now, error: 'invalid_auth' };
    expect((await get('/health').expect(200)).body).toMatchObject({
      status: 'degraded',
      details: { socket: { status: 'degraded', error: 'invalid_auth' } },
    });
    await get('/health/ready').expect(200, { status: 'ready' });
  });

  it('is unhealthy, with 503, only when the store takes nothing', async () => {
    breakStore(new StoreUnavailableError('write /secret: full', 'ENOSPC'));
    delivery.current = { ...delivery.current, outages: [OUTAGE] };
    const { body } = await get('/health').expect(503);
    expect(body).toMatchObject({
      ok: false,
      error: 'the store takes no alerts at the moment',
      statusCode: 503,
      status: 'unhealthy',
      environment: 'production',
      cached_threads: null,
      details: {
        thread_store: { status: 'down', code: 'ENOSPC' },
        slack: { status: 'degraded' },
        oldest_waiting: { status: 'degraded', code: 'ENOSPC' },
      },
    });
    expect(JSON.stringify(body)).not.toContain('secret');
    await get('/health/ready').expect(503, {
      ok: false,
      error: 'the store takes no alerts at the moment',
      statusCode: 503,
      status: 'unhealthy',
    });
    await get('/health/live').expect(200, { status: 'alive' });
  });

  it('does not wait for a store that hangs', async () => {
    store.answer = new Promise(() => undefined);
    let answered: request.Response | undefined;
    const asked = get('/health').then((response) => (answered = response));
    while (answered === undefined) await http.clock.advance(1_000, () => new Promise(setImmediate));
    const { body, status } = await asked;
    expect(status).toBe(503);
    expect(body).toMatchObject({
      status: 'unhealthy',
      cached_threads: null,
      details: { thread_store: { code: 'no-answer' } },
    });
  });
});
