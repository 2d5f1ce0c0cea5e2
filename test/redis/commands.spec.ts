import type { Redis } from 'ioredis';
import type { RedisThreadStore } from '../../src/thread-store/redis-thread-store.js';
import { CHANNEL, holding, incidentId, KEY, resolved, thread } from '../contract/records.js';
import { describeRedis } from '../support/describe-redis.js';
import { eventually } from '../support/eventually.js';
import { RedisServer } from '../support/redis-server.js';
import { RedisStores } from './redis-stores.js';

describeRedis('commands that Redis is sent', () => {
  let server: RedisServer;
  let store: RedisThreadStore;
  const stores = new RedisStores();
  let seen: string[] = [];
  let client: Redis;
  let monitor: Redis;
  /** What the work sent, without what scripts did. */
  const during = async (work: () => Promise<unknown>): Promise<string[]> => {
    seen = [];
    await work();
    await client.echo('over');
    await eventually('the end', () => seen.includes('echo'));
    return seen.filter((name) => name !== 'echo');
  };

  beforeAll(async () => {
    server = await RedisServer.start();
    const opened = await stores.store(server.url);
    store = opened.store;
    client = opened.connection.client as Redis;
    await store.update('warm', CHANNEL, holding(thread(incidentId(99), { rootTs: '9.9' }))); // the scripts are known
    await store.archive(resolved(99));
    monitor = await client.monitor();
    monitor.on('error', () => undefined);
    monitor.on('monitor', (_time: string, [name = '']: string[], source: string) => {
      if (source !== 'lua') seen.push(name.toLowerCase());
    });
  });
  afterAll(async () => {
    monitor.disconnect();
    await stores.close();
    await server.dispose();
  });

  it('are few', async () => {
    const change =
      (to: Parameters<typeof holding>[0], due: number | null = 1) =>
      () =>
        store.update(KEY, CHANNEL, holding(to, { due }));
    const shown = thread(incidentId(1), { rootTs: '1.1' });
    const counts = {
      new: await during(change(thread(incidentId(1)))),
      joined: await during(change(thread(incidentId(1), { firing: ['f1', 'f2'] }))),
      shown: await during(change(shown, null)),
      repeated: await during(() => store.update(KEY, CHANNEL, (record) => record)),
      twice: await during(() =>
        store.updateAll([1, 2, 3].map((due) => ({ key: KEY, channel: CHANNEL, change: (r) => ({ ...r, due }) }))),
      ),
      resolved: await during(change({ ...resolved(1), delivery: shown.delivery })),
      archived: await during(() => store.archive(resolved(1))),
      gone: await during(change(null, null)),
      hundred: await during(() =>
        store.updateAll(
          Array.from({ length: 100 }, (_, n) => ({
            key: `key ${n}`,
            channel: CHANNEL,
            change: holding(thread(incidentId(100 + n))),
          })),
        ),
      ),
    };
    expect(counts).toEqual({
      new: ['hget', 'get', 'evalsha'],
      joined: ['hget', 'evalsha'],
      shown: ['hget', 'evalsha', 'set', 'evalsha'],
      repeated: ['hget'],
      twice: ['hget', 'evalsha'],
      resolved: ['hget', 'evalsha'],
      archived: ['evalsha'],
      gone: ['hget', 'evalsha', 'del', 'evalsha'],
      hundred: expect.any(Array) as unknown,
    });
    expect(counts.hundred).toHaveLength(300);
    // not one after the other: all that is read is asked for before the first is written
    expect(counts.hundred.indexOf('evalsha')).toBeGreaterThanOrEqual(100);
  });
});
