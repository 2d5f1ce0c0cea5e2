import type { Redis } from 'ioredis';
import type { RedisThreadStore } from '../../src/thread-store/redis-thread-store.js';
import { CHANNEL, emptied, holding, incidentId, KEY, resolved, thread } from '../contract/records.js';
import { describeRedis } from '../support/describe-redis.js';
import { eventually } from '../support/eventually.js';
import { RedisServer } from '../support/redis-server.js';
import { RedisStores } from './redis-stores.js';

const PLAIN = `threader:ts:${KEY}`;
const OTHER = 'C0OTHER00';

describeRedis('threader:ts:<key>', () => {
  let server: RedisServer;
  let stores: RedisStores;
  let store: RedisThreadStore;
  let client: Redis;
  const start = async (channel = CHANNEL): Promise<void> => {
    await stores.close();
    const opened = await stores.store(server.url, { channel });
    store = opened.store;
    client = opened.connection.client as Redis;
  };
  const plain = async (): Promise<Record<string, string | null>> => {
    const keys = (await client.keys('threader:ts:*')).sort();
    return Object.fromEntries(await Promise.all(keys.map(async (key) => [key, await client.get(key)] as const)));
  };

  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.dispose());
  beforeEach(async () => {
    stores = new RedisStores();
    await start();
    await client.flushall();
  });
  afterEach(() => stores.close());

  it('holds the thread_ts of every live thread and nothing else', async () => {
    await store.update(KEY, CHANNEL, holding(thread(incidentId(1), { rootTs: '1.1', firing: ['f1'] }), { due: 5 }));
    await store.update(KEY, OTHER, holding(thread(incidentId(2), { rootTs: '2.2', channel: OTHER })));
    await store.update('not shown yet', CHANNEL, holding(thread(incidentId(3))));
    await store.archive(resolved(9));
    await store.ping();
    expect(await plain()).toEqual({ [PLAIN]: '1.1', [`${PLAIN}@${OTHER}`]: '2.2' });
    await store.update(KEY, CHANNEL, holding(thread(incidentId(1), { rootTs: '3.3' })));
    expect(await plain()).toEqual({ [PLAIN]: '3.3', [`${PLAIN}@${OTHER}`]: '2.2' });
    await store.update(KEY, CHANNEL, (record) => ({
      ...record,
      current: null,
      closed: { f1: { startsAt: 1, at: 2, by: 'source' } },
    }));
    await store.update(KEY, OTHER, emptied);
    expect(await plain()).toEqual({});
    expect(await client.smembers('threader:ts-mirror:{0}')).toEqual([]);
  });

  it('is not taken for one of the earlier version while its own thread goes', async () => {
    const other = await stores.store(server.url);
    const reader = other.connection.client as Redis;
    await client.set(PLAIN, '1.1'); // its record is gone by now, and it goes between two looks
    jest.spyOn(reader, 'sismember').mockImplementationOnce(async () => {
      await client.del(PLAIN);
      return 0;
    });
    expect(await other.store.get(KEY, CHANNEL)).toBeUndefined();
  });

  it('is taken over at the start, with its channel', async () => {
    await client.mset({ [PLAIN]: '111.222', [`${PLAIN}@${OTHER}`]: '333.444', 'threader:ts:not ours': 'text' });
    await client.rpush('threader:ts:a list', 'x');
    await start();
    expect(await store.get(KEY, CHANNEL)).toMatchObject({ adopt: '111.222', current: null, version: 1 });
    expect(await store.get(KEY, OTHER)).toMatchObject({ adopt: '333.444', channel: OTHER });
    expect((await store.counts()).threads).toBe(2);
    expect((await store.findByMessage(OTHER, '333.444'))?.key).toBe(KEY);
    expect(stores.connections.log.lines.at(-1)).toMatchObject({ fields: { threads: 2 } });
    expect(await client.get(PLAIN)).toBe('111.222');
    await start();
    expect(await store.get(KEY, CHANNEL)).toMatchObject({ adopt: '111.222', version: 1 });
  });

  it('is taken over when its record is first touched', async () => {
    await client.set(PLAIN, '111.222'); // an earlier version still runs
    expect(await store.get(KEY, CHANNEL)).toMatchObject({ adopt: '111.222', version: 0 });
    const seen: unknown[] = [];
    await store.update(KEY, CHANNEL, (record) => {
      seen.push(record.adopt);
      return emptied(record);
    });
    expect(seen).toEqual(['111.222']);
    expect(await plain()).toEqual({});
    expect(await store.get(KEY, CHANNEL)).toBeUndefined();
  });

  it('is put right at the next start, or soon, when a process died in between', async () => {
    await store.update(KEY, CHANNEL, holding(thread(incidentId(1), { rootTs: '1.1' })));
    await store.update('gone', CHANNEL, (record) => ({
      ...record,
      closed: { f1: { startsAt: 1, at: 2, by: 'source' } },
    }));
    await client.set('threader:ts:gone', '9.9');
    await client.set(PLAIN, '8.8');
    await start();
    expect(await plain()).toEqual({ [PLAIN]: '1.1' });
    expect((await store.get('gone', CHANNEL))?.adopt).toBeUndefined();
  });

  it('is not adopted again while its removal is under way', async () => {
    await client.set('threader:ts:gone', '9.9');
    const shards = await Promise.all(
      Array.from({ length: 8 }, (_, n) => client.sadd(`threader:ts-mirror:{${n}}`, `${CHANNEL} gone`)),
    );
    expect(shards).toHaveLength(8);
    expect(await store.get('gone', CHANNEL)).toBeUndefined();
    await start();
    await eventually('the sweep', async () => Object.keys(await plain()).length === 0);
  });

  it('follows a change of SLACK_CHANNEL', async () => {
    await store.update(KEY, CHANNEL, holding(thread(incidentId(1), { rootTs: '1.1' })));
    await store.update(KEY, OTHER, holding(thread(incidentId(2), { rootTs: '2.2', channel: OTHER })));
    await start();
    await client.set('threader:ts:old', '3.3');
    await start(OTHER);
    expect(await plain()).toEqual({
      [`${PLAIN}@${CHANNEL}`]: '1.1',
      [PLAIN]: '2.2',
      [`threader:ts:old@${CHANNEL}`]: '3.3',
    });
    expect(await store.get('old', CHANNEL)).toMatchObject({ adopt: '3.3' });
  });

  it('has other names beside it that all begin with the prefix', async () => {
    await store.update(KEY, CHANNEL, holding(thread(incidentId(1), { rootTs: '1.1' }), { due: 1 }));
    await store.archive(resolved(9));
    await store.ping();
    const names = (await client.keys('*')).filter((key) => !key.startsWith('threader:ts:'));
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((key) => !/^threader:ts-[a-z]+(:\{\d\})?$/.test(key))).toEqual([]);
  });
});
