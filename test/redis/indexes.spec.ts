import type { Redis } from 'ioredis';
import { behindSince } from '../../src/domain/behind.js';
import { threadsOf, type ThreadRecord } from '../../src/domain/record.js';
import { findsOf } from '../../src/thread-store/redis-facts.js';
import { CHANNEL, emptied, holding, incidentId, resolved, thread } from '../contract/records.js';
import { describeRedis } from '../support/describe-redis.js';
import { Random } from '../support/random.js';
import { RedisServer } from '../support/redis-server.js';
import { RedisStores } from './redis-stores.js';

const ROUNDS = 60;
const KEYS = Array.from({ length: 12 }, (_, n) => `key ${n}`);

describeRedis('what leads to a record in Redis', () => {
  let server: RedisServer;
  const stores = new RedisStores();
  beforeAll(async () => {
    server = await RedisServer.start({ settings: { appendfsync: 'no' } });
  });
  afterAll(async () => {
    await stores.close();
    await server.dispose();
  });

  it('says what the records say after any changes by two processes, and is gone with them', async () => {
    const random = new Random(1);
    const pick = (most: number): number => random.between(0, most - 1);
    const opened = await Promise.all([stores.store(server.url), stores.store(server.url)]);
    const [{ store, connection }] = opened;
    const client = connection.client as Redis;
    const change = (n: number): ((record: ThreadRecord) => ThreadRecord) => {
      const id = incidentId(100 * n + pick(3));
      const due = pick(2) === 0 ? null : pick(1_000);
      const firing = Array.from({ length: pick(4) }, () => `f${pick(6)}`);
      const rootTs = pick(2) === 0 ? {} : { rootTs: `${100 * n + pick(3)}.1` };
      if (pick(8) === 0) return emptied;
      if (pick(6) === 0) return holding(resolved(100 * n + pick(3)), { due });
      if (pick(6) === 0) return (record) => ({ ...record, adopt: `${100 * n + pick(3)}.2` });
      const status = pick(3) === 0 ? 'acknowledged' : 'firing';
      return holding(thread(id, { status, firing: firing.length === 0 ? ['f0'] : firing, ...rootTs }), { due });
    };
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.all(
        opened.map((one) =>
          one.store.updateAll(
            Array.from({ length: 5 }, () => pick(KEYS.length)).map((n) => ({
              key: KEYS[n] ?? '',
              channel: CHANNEL,
              change: change(n),
            })),
          ),
        ),
      );
    }
    const records = (await Promise.all(KEYS.map((key) => store.get(key, CHANNEL)))).filter((one) => one !== undefined);
    expect(records.length).toBeGreaterThan(5);
    const shards = [0, 1, 2, 3, 4, 5, 6, 7];
    const finds = await Promise.all(shards.map((shard) => client.hgetall(`threader:ts-find:{${shard}}`)));
    const told = finds.flatMap((one) =>
      Object.entries(one).flatMap(([find, fields]) => fields.split('\n').map((field) => `${find} → ${field}`)),
    );
    const wanted = records.flatMap((record) => [
      ...new Set(findsOf(record).map((find) => `${find} → ${CHANNEL} ${record.key}`)),
    ]);
    expect(told.sort()).toEqual(wanted.sort());
    const due = records.filter((record) => record.due !== null);
    expect((await store.pending(Infinity, 100)).map(({ key }) => key).sort()).toEqual(due.map(({ key }) => key).sort());
    const statuses = records.flatMap((record) => threadsOf(record).map(({ incident }) => incident.status));
    expect(await store.counts()).toMatchObject({
      pending: due.length,
      incidents: {
        firing: statuses.filter((status) => status === 'firing').length,
        acknowledged: statuses.filter((status) => status === 'acknowledged').length,
        resolved: statuses.filter((status) => status === 'resolved').length,
      },
    });
    const ofEach = async (what: string): Promise<string[]> =>
      (await Promise.all(shards.map((shard) => client.zrange(`threader:ts-${what}:{${shard}}`, '0', '-1'))))
        .flat()
        .sort();
    const threads = records.flatMap(threadsOf);
    expect(await ofEach('severities')).toEqual(
      threads.map(({ incident }) => `${incident.status} critical ${incident.id}`).sort(),
    );
    const behind = threads.flatMap((thread) => {
      const since = behindSince(thread);
      return since === null ? [] : `${CHANNEL} 00${since} ${thread.incident.id}`;
    });
    expect(behind.length).toBeGreaterThan(0);
    expect(behind.length).toBeLessThan(threads.length);
    expect(await ofEach('behind')).toEqual(behind.sort());
    const shown = await store.threads();
    const plain = await client.keys('threader:ts:*');
    expect(plain.sort()).toEqual(shown.map(({ key }) => `threader:ts:${key}`).sort());
    for (const { key, ts } of shown) expect(await client.get(`threader:ts:${key}`)).toBe(ts);

    await store.updateAll(KEYS.map((key) => ({ key, channel: CHANNEL, change: emptied })));
    expect(await client.keys('*')).toEqual(['threader:ts-layout']);
  });
});
