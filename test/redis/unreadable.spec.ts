import { StoreUnavailableError } from '../../src/thread-store/thread-store.js';
import { CHANNEL, counted, holding, incidentId, KEY, resolved, thread } from '../contract/records.js';
import { describeRedis } from '../support/describe-redis.js';
import { RedisServer } from '../support/redis-server.js';
import { RedisKeys, fieldOf } from '../../src/thread-store/redis-keys.js';
import { PREFIX } from './connections.js';
import { RedisStores } from './redis-stores.js';

const KEYS = new RedisKeys(PREFIX, CHANNEL);
const SHARD = KEYS.shard(KEY);
const FIELD = fieldOf({ key: KEY, channel: CHANNEL });

describeRedis('a record in Redis that can not be read', () => {
  let server: RedisServer;
  let stores: RedisStores;
  beforeEach(async () => {
    server = await RedisServer.start();
    stores = new RedisStores();
  });
  afterEach(async () => {
    await stores.close();
    await server.dispose();
  });

  /** A store with an incident that is shown and waits for something, whose value somebody has overwritten. */
  const damaged = async (value: string | Buffer) => {
    const opened = await stores.store(server.url);
    const waiting = { ...thread(incidentId(1), { rootTs: '1.1' }), timeline: { last: 1, entries: [ENTRY] } };
    await opened.store.update(KEY, CHANNEL, holding(waiting, { due: 1 }));
    await opened.store.update('other', CHANNEL, holding(thread(incidentId(2)), { due: 2 }));
    await opened.connection.client.hset(SHARD.records, FIELD, value);
    return opened;
  };
  const ENTRY = { n: 1, at: 5, kind: 'opened', loud: true, count: 1, alerts: ['f1'] } as const;
  const errors = () => stores.connections.log.lines.filter(({ level }) => level === 'error');

  it.each<[string, string | Buffer]>([
    ['of no write id', 'x'],
    ['of no JSON', 'abcdefghijkl {"schema":1,'],
    ['of no text', Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0xc3]), Buffer.alloc(40, 0x80)])],
    ['of the wrong shape', `abcdefghijkl {"schema":1,"key":"${KEY}","channel":"${CHANNEL}","version":1,"current":5}`],
    ['of nothing', ''],
  ])(
    '%s is kept beside, and its thread begins anew',
    async (_, value) => {
      const { store, connection } = await damaged(value);
      const { client } = connection;
      expect(await store.get(KEY, CHANNEL)).toBeUndefined();
      expect((await store.pending(10, 10)).map(({ key }) => key)).toEqual(['other']);
      expect(await store.unreadable(5)).toEqual({ count: 1, records: [{ key: KEY, channel: CHANNEL }] });

      const record = await store.update(KEY, CHANNEL, holding(thread(incidentId(3)), { due: 3 }));
      expect(record).toMatchObject({ version: 1, key: KEY, current: { incident: { id: incidentId(3) } } });
      expect(record.adopt).toBeUndefined();
      expect(await store.get(KEY, CHANNEL)).toEqual(record);
      expect(await client.hgetBuffer(SHARD.unreadable, FIELD)).toEqual(Buffer.from(value));
      expect(await store.unreadable(5)).toEqual({ count: 1, records: [{ key: KEY, channel: CHANNEL }] });
      expect(await store.unreadable(0)).toEqual({ count: 1, records: [] });

      // nothing is left of the incident that nobody can read
      expect((await store.counts()).incidents).toEqual({ firing: 2, acknowledged: 0, resolved: 0 });
      const { incidents, backlog } = await store.overview();
      expect(incidents.find(({ status, severity }) => status === 'firing' && severity === 'critical')?.count).toBe(2);
      expect(backlog).toEqual([]);
      expect(await store.findByIncident(incidentId(1))).toBeUndefined();
      expect((await store.list({ limit: 5 })).items).toHaveLength(2);
      expect(await client.get(KEYS.plain({ key: KEY, channel: CHANNEL }))).toBeNull();
      expect(errors().map(({ fields }) => fields)).toEqual([
        expect.objectContaining({ threadKey: KEY, channel: CHANNEL }),
        expect.objectContaining({ threadKey: KEY, channel: CHANNEL, kept: SHARD.unreadable }),
      ]);

      await client.del(SHARD.unreadable);
      expect(await store.unreadable(5)).toEqual({ count: 0, records: [] });
    },
    60_000,
  );

  it('keeps what was kept before', async () => {
    const { store, connection } = await damaged('one');
    await store.update(KEY, CHANNEL, counted);
    await connection.client.hset(SHARD.records, FIELD, 'two');
    await store.update(KEY, CHANNEL, counted);
    expect(Object.values(await connection.client.hgetall(SHARD.unreadable)).sort()).toEqual(['one', 'two']);
    expect((await store.unreadable(5)).count).toBe(2);
  });

  it('leaves what is in the history there', async () => {
    const { store } = await damaged('x');
    await store.archive({ ...resolved(1), incident: { ...resolved(1).incident, key: KEY } });
    await store.update(KEY, CHANNEL, counted);
    expect((await store.counts()).incidents).toEqual({ firing: 1, acknowledged: 0, resolved: 1 });
    expect((await store.incident(incidentId(1)))?.incident.status).toBe('resolved');
  });

  it('is moved by one of two processes, and no change is lost', async () => {
    const { store } = await damaged('x');
    const other = await stores.store(server.url);
    await Promise.all([store, other.store].flatMap((one) => [1, 2, 3].map(() => one.update(KEY, CHANNEL, counted))));
    expect(await store.get(KEY, CHANNEL)).toMatchObject({ adopt: '6' });
    expect((await store.unreadable(5)).count).toBe(1);
  });

  it('of a newer version is refused as it is, and not moved', async () => {
    const newer = 'abcdefghijkl {"schema":2,"what":"is this"}';
    const { store, connection } = await damaged(newer);
    await expect(store.update(KEY, CHANNEL, counted)).rejects.toMatchObject({ code: 'format' });
    await expect(store.update(KEY, CHANNEL, counted)).rejects.toBeInstanceOf(StoreUnavailableError);
    expect(await connection.client.hget(SHARD.records, FIELD)).toBe(newer);
    expect((await store.unreadable(5)).count).toBe(0);
  });
});
