import type { IoredisConnection } from '../../src/redis/ioredis-connection.js';
import type { RedisThreadStore } from '../../src/thread-store/redis-thread-store.js';
import { CHANNEL, counted, emptied, holding, incidentId, resolved, thread } from '../contract/records.js';
import { describeRedis } from '../support/describe-redis.js';
import { eventually } from '../support/eventually.js';
import { PROMPTLY_MS } from '../support/promptly.js';
import { RedisCluster } from './redis-cluster.js';
import { RedisStores } from './redis-stores.js';

describeRedis('a Cluster of Redis with a replica', () => {
  let cluster: RedisCluster;
  let stores: RedisStores;

  beforeEach(async () => {
    cluster = await RedisCluster.start({ replica: true });
    stores = new RedisStores();
  });
  afterEach(async () => {
    await stores.close();
    await cluster.dispose();
  });

  it('is followed when the replica takes over, which may lack the last changes; not when a node comes back', async () => {
    const { store, connection } = await stores.store(cluster.url);
    const told: string[] = [];
    connection.onReconnect(() => told.push('back'));
    connection.onNewMaster(() => told.push('other'));
    const all = (): Promise<unknown> =>
      store.updateAll(Array.from({ length: 40 }, (_, n) => ({ key: `key ${n}`, channel: CHANNEL, change: counted })));
    await all();

    const [first, second] = cluster.nodes;
    await second?.kill9();
    await eventually('the loss', () =>
      all().then(
        () => false,
        () => true,
      ),
    );
    await second?.startAgain();
    await eventually('the cluster to take changes', () => all().then(() => true));
    await eventually('the return to be told', () => told.length > 0);
    expect(told).not.toContain('other');

    await first?.kill9();
    await eventually('the replica to take over', () => all().then(() => true));
    await eventually('that to be told', () => told.includes('other'));
    expect(told.filter((what) => what === 'other')).toHaveLength(1);
    expect((await store.get('key 1', CHANNEL))?.version).toBeGreaterThanOrEqual(3);
  });
});

describeRedis('a Cluster of Redis', () => {
  let cluster: RedisCluster;
  let stores: RedisStores;
  let store: RedisThreadStore;
  let connection: IoredisConnection;

  beforeAll(async () => {
    cluster = await RedisCluster.start();
    stores = new RedisStores();
    ({ store, connection } = await stores.store(cluster.url));
  });
  afterAll(async () => {
    await stores.close();
    await cluster.dispose();
  });

  it('keeps records, their indexes and threads on all of its nodes', async () => {
    await connection.client.set('threader:ts:from an earlier version', '7.7');
    await connection.client.set('threader:ts:touched', '8.8');
    const keys = Array.from({ length: 60 }, (_, n) => `key ${n}`);
    await store.updateAll(
      keys.map((key, n) => ({
        key,
        channel: CHANNEL,
        change: holding(thread(incidentId(n), { rootTs: `${n}.1`, firing: [`f${n % 7}`] }), { due: n }),
      })),
    );
    for (const master of connection.masters()) expect(await master.dbsize()).toBeGreaterThan(20);
    expect(connection.masters()).toHaveLength(3);
    expect((await store.pending(9, 100)).map(({ key }) => key)).toEqual(keys.slice(0, 10));
    expect(await store.findByFingerprint('f3')).toHaveLength(9); // 3, 10, …, 59
    expect((await store.findByMessage(CHANNEL, '42.1'))?.key).toBe('key 42');
    expect((await store.list({ limit: 3 })).items.map(({ incident }) => incident.id)).toEqual(
      [59, 58, 57].map(incidentId),
    );
    expect(await connection.client.get('threader:ts:key 42')).toBe('42.1');
    expect((await store.get('touched', CHANNEL))?.adopt).toBe('8.8');
    await store.archive(resolved(5));
    await store.update('key 5', CHANNEL, emptied);
    expect(await store.counts()).toMatchObject({ threads: 59, archived: 1, pending: 59, incidents: { firing: 59 } });

    const again = await stores.store(cluster.url); // takes over
    expect((await again.store.get('from an earlier version', CHANNEL))?.version).toBe(1);
    expect(await again.store.threads()).toHaveLength(61);
    expect(await again.store.clear()).toBe(61);
    expect(await store.threads()).toEqual([]);
  });

  it('says so when a node dies, and goes on when it is back', async () => {
    const all = (): Promise<unknown> =>
      store.updateAll(Array.from({ length: 40 }, (_, n) => ({ key: `again ${n}`, channel: CHANNEL, change: counted })));
    await all();
    const [, , victim] = cluster.nodes;
    await victim?.kill9();
    const began = performance.now();
    await expect(all()).rejects.toThrow(/Redis can't do it now/);
    expect(performance.now() - began).toBeLessThan(PROMPTLY_MS);
    await expect(store.ping()).rejects.toThrow(/Redis can't do it now/);
    await victim?.startAgain();
    await eventually('the cluster to take changes', () => store.ping().then(() => true));
    await all();
    expect((await store.get('again 1', CHANNEL))?.version).toBeGreaterThanOrEqual(2);
  });

  it('carries messages', async () => {
    const other = await stores.connections.connect(cluster.url);
    const heard: string[] = [];
    await connection.subscribe('news', (message) => heard.push(message));
    await eventually('a message', () => {
      other.publish('news', 'hello');
      return heard.includes('hello');
    });
    expect(Math.abs(connection.now() - Date.now())).toBeLessThan(1_000);
  });
});
