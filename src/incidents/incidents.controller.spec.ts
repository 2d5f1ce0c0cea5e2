import request from 'supertest';
import { startHttpApp, type HttpApp } from '../../test/support/http-app.js';
import type { Incident } from '../domain/incident.js';
import { NEW_DELIVERY, type IncidentThread } from '../domain/record.js';
import { ThreadStore, type IncidentPage, type ListFilter } from '../thread-store/thread-store.js';
import { IncidentsController } from './incidents.controller.js';

const AT = Date.parse('2024-01-15T14:30:25Z');
const ID = 'INC-20240115143025-0123abcd';
const PERSON = { kind: 'slack', id: 'U1' } as const;

const INCIDENT: Incident = {
  id: ID,
  key: 'A|critical|db|eu|production',
  environment: 'production',
  status: 'resolved',
  severity: 'critical',
  lead: 'f1',
  alerts: [
    {
      fingerprint: 'f1',
      status: 'resolved',
      labels: { alertname: 'A' },
      annotations: { summary: 'Database down' },
      startsAt: AT,
      endsAt: null,
      lastSeenAt: AT + 1_000,
      resolvedAt: AT + 2_000,
    },
  ],
  resolvedBefore: 1,
  openedAt: AT,
  acknowledged: { by: PERSON, at: AT + 1_000 },
  resolved: { by: PERSON, at: AT + 2_000, actionTaken: 'restarted' },
  silence: { id: 's1', server: 'alertmanager', until: AT + 3_000, by: PERSON },
  truncated: 2,
  reopened: 1,
  repeatedAt: null,
};

const THREAD: IncidentThread = {
  incident: INCIDENT,
  channel: 'C2222222222',
  timeline: { last: 1, entries: [{ n: 1, at: AT, kind: 'opened', loud: true, count: 1, alerts: ['f1'] }] },
  delivery: { ...NEW_DELIVERY, rootTs: '1.1', shownEntry: 1, lastError: { kind: 'rate', code: 'ratelimited', at: AT } },
};

const VIEW = {
  id: ID,
  status: 'resolved',
  severity: 'critical',
  title: 'Database down',
  key: 'A|critical|db|eu|production@C2222222222',
  environment: 'production',
  channel: 'C2222222222',
  thread_ts: '1.1',
  opened_at: '2024-01-15T14:30:25.000Z',
  acknowledged: { by: PERSON, at: '2024-01-15T14:30:26.000Z' },
  resolved: {
    by: PERSON,
    at: '2024-01-15T14:30:27.000Z',
    ends_at: null,
    action_taken: 'restarted',
    root_cause: null,
  },
  silence: { id: 's1', server: 'alertmanager', until: '2024-01-15T14:30:28.000Z', by: PERSON },
  reopened: 1,
  truncated: 2,
  resolved_before: 1,
  alert_counts: { firing: 0, resolved: 2, listed: 1 },
  folded: null,
  alerts: [
    {
      fingerprint: 'f1',
      status: 'resolved',
      labels: { alertname: 'A' },
      annotations: { summary: 'Database down' },
      starts_at: '2024-01-15T14:30:25.000Z',
      ends_at: null,
      last_seen_at: '2024-01-15T14:30:26.000Z',
      resolved_at: '2024-01-15T14:30:27.000Z',
    },
  ],
  timeline: [{ n: 1, at: '2024-01-15T14:30:25.000Z', kind: 'opened', by: null, count: 1, alerts: ['f1'], note: null }],
  delivery: {
    shown: true,
    shown_entry: 1,
    last_entry: 1,
    attempts: 0,
    next_try_at: null,
    last_error: { kind: 'rate', code: 'ratelimited', at: '2024-01-15T14:30:25.000Z' },
    moved_from: null,
  },
};

class FakeStore implements Pick<ThreadStore, 'list' | 'incident'> {
  asked: ListFilter[] = [];
  next: string | undefined;
  items: IncidentThread[] = [THREAD];

  list(filter: ListFilter): Promise<IncidentPage> {
    this.asked.push({ ...filter });
    return Promise.resolve({ items: this.items, ...(this.next !== undefined && { nextCursor: this.next }) });
  }

  incident(id: string): Promise<IncidentThread | undefined> {
    return Promise.resolve(id === ID ? THREAD : undefined);
  }
}

describe('incidents', () => {
  let http: HttpApp;
  let store: FakeStore;
  const start = async (ADMIN_TOKEN?: string): Promise<void> => {
    store = new FakeStore();
    const providers = [{ provide: ThreadStore, useValue: store }];
    http = await startHttpApp({ controllers: [IncidentsController], providers }, { ADMIN_TOKEN });
  };
  const get = (path: string): request.Test => request(http.app.getHttpServer()).get(path);

  beforeEach(() => start());
  afterEach(() => http.app.close());

  it('GET /incidents lists, the newest 50 by default', async () => {
    await get('/incidents').expect(200, { items: [VIEW], next_cursor: null });
    expect(store.asked).toEqual([{ limit: 50 }]);
  });

  it('GET /incidents lists others beside one that can not be shown whole', async () => {
    const id = 'INC-20240115143025-0123dead';
    const broken = { ...THREAD, incident: { ...INCIDENT, id, openedAt: Number.MAX_VALUE } };
    store.items = [broken, THREAD];
    const { body } = await get('/incidents').expect(200);
    expect(body.items).toEqual([
      {
        id,
        status: 'resolved',
        severity: 'critical',
        title: 'A|critical|db|eu|production',
        key: 'A|critical|db|eu|production@C2222222222',
        channel: 'C2222222222',
        thread_ts: '1.1',
        error: 'this incident can not be shown whole (an error of Alert Threader; see its log)',
      },
      VIEW,
    ]);
  });

  it('GET /incidents passes the filter on', async () => {
    store.next = 'c2';
    const { body } = await get('/incidents?status=acknowledged&limit=2&cursor=c1').expect(200);
    expect(body.next_cursor).toBe('c2');
    expect(store.asked).toEqual([{ status: 'acknowledged', limit: 2, cursor: 'c1' }]);
  });

  it.each([
    ['status=open', 'status: expected firing, acknowledged, resolved'],
    ['limit=0', 'limit: expected a whole number, 1 to 200'],
    ['limit=201', 'limit: expected a whole number, 1 to 200'],
    ['limit=ten', 'limit: expected a whole number, 1 to 200'],
    ['limit=1&limit=2', 'limit: expected a whole number, 1 to 200'],
    ['cursor=a&cursor=b', 'cursor: expected the next_cursor of the page before'],
    [`cursor=${'x'.repeat(501)}`, 'cursor: expected the next_cursor of the page before'],
    ['page=2', 'property page should not exist'],
  ])('GET /incidents?%s answers 400', async (query, error) => {
    const { body } = await get(`/incidents?${query}`).expect(400);
    expect(body.error).toContain(error);
    expect(store.asked).toEqual([]);
  });

  it('GET /incidents/:id shows one', async () => {
    await get(`/incidents/${ID}`).expect(200, VIEW);
  });

  it.each(['INC-20240115143025-ffffffff', 'nope', 'INC-1', '__proto__'])(
    'GET /incidents/%s answers 404',
    async (id) => {
      const error = `there is no incident "${id}"`;
      await get(`/incidents/${id}`).expect(404, { ok: false, error, statusCode: 404 });
    },
  );

  it('wants ADMIN_TOKEN', async () => {
    await http.app.close();
    await start('adm-1');
    await get('/incidents').expect(401);
    await get(`/incidents/${ID}`).expect(401);
    await get('/incidents').set('Authorization', 'Bearer adm-1').expect(200);
  });
});
