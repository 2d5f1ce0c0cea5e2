import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StoreUnavailableError } from '../../src/thread-store/thread-store.js';
import { CHANNEL, counted, holding, incidentId, KEY, thread } from '../contract/records.js';
import { describeRedis } from '../support/describe-redis.js';
import { eventually } from '../support/eventually.js';
import { PROMPTLY_MS } from '../support/promptly.js';
import { RedisServer } from '../support/redis-server.js';
import { RedisStores } from './redis-stores.js';
import { TcpProxy } from './tcp-proxy.js';

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.then(
    () => 'it worked',
    (reason: unknown) => reason,
  );
  return error instanceof StoreUnavailableError ? error.code : String(error);
};

describeRedis('changes of records in Redis', () => {
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

  it('loses none of 1,000 concurrent changes from two processes', async () => {
    const { store } = await stores.store(server.url);
    const hooks = pathToFileURL(join(__dirname, '../../tools/typescript-hooks.mjs')).href;
    const args = ['--import', hooks, join(__dirname, 'redis-child.ts'), server.url, '500'];
    const children = [1, 2].map(() => spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }));
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as unknown));
    expect(codes).toEqual([0, 0]);
    expect(await store.get(KEY, CHANNEL)).toMatchObject({ adopt: '1000', version: 1000 });
  });

  it('loses none from two stores that change many records', async () => {
    const all = await Promise.all([stores.store(server.url), stores.store(server.url)]);
    const keys = Array.from({ length: 40 }, (_, n) => `key ${n}`);
    for (let round = 0; round < 5; round++) {
      await Promise.all(
        all.map(({ store }) => store.updateAll(keys.map((key) => ({ key, channel: CHANNEL, change: counted })))),
      );
    }
    for (const key of keys) expect(await all[0].store.get(key, CHANNEL)).toMatchObject({ adopt: '10', version: 10 });
    expect((await all[1].store.threads()).length).toBe(40);
  });

  it('makes a change once whose answer was lost', async () => {
    const proxy = await TcpProxy.to(server.port);
    try {
      const { store } = await stores.store(`redis://127.0.0.1:${proxy.port}`);
      await store.update(KEY, CHANNEL, holding(thread(incidentId(1)), { due: 1 }));
      for (const [n, command] of ['evalsha', 'hget', 'evalsha', 'evalsha'].entries()) {
        proxy.loseAnswerTo(command);
        const record = await store.update(KEY, CHANNEL, (before) => ({ ...before, due: (before.due ?? 0) + 1 }));
        expect(record).toMatchObject({ due: n + 2, version: n + 2 });
      }
      expect(proxy.lost).toBe(4);
      expect(await store.get(KEY, CHANNEL)).toMatchObject({ due: 5, version: 5 });
    } finally {
      proxy.close();
    }
  });

  it('says that it does not know when others have changed the record since', async () => {
    const proxy = await TcpProxy.to(server.port);
    try {
      const [mine, other] = [await stores.store(`redis://127.0.0.1:${proxy.port}`), await stores.store(server.url)];
      await mine.store.update(KEY, CHANNEL, counted);
      proxy.loseAnswerTo('evalsha');
      const code = codeOf(mine.store.update(KEY, CHANNEL, counted));
      await eventually('the change', async () => (await other.store.get(KEY, CHANNEL))?.version === 2);
      await other.store.update(KEY, CHANNEL, counted);
      expect(await code).toBe('ambiguous');
      expect(await mine.store.get(KEY, CHANNEL)).toMatchObject({ adopt: '3', version: 3 });
    } finally {
      proxy.close();
    }
  });

  it('takes no longer than a second to say that Redis hangs; what it did all the same is there once', async () => {
    const { store } = await stores.store(server.url);
    await store.update(KEY, CHANNEL, holding(thread(incidentId(1))));
    server.pause();
    const began = performance.now();
    const codes = await Promise.all([
      codeOf(store.update(KEY, CHANNEL, counted)),
      codeOf(store.get(KEY, CHANNEL)),
      codeOf(store.ping()),
      codeOf(store.counts()),
      codeOf(store.list({ limit: 5 })),
    ]);
    expect(performance.now() - began).toBeLessThan(PROMPTLY_MS);
    expect(codes).toEqual(Array(5).fill('time_out'));
    server.resume();
    await eventually('Redis to take changes', () => store.ping().then(() => true));
    expect((await store.update(KEY, CHANNEL, counted)).adopt).toBe('1');
  });

  it('answers no later for a thousand records while Redis hangs', async () => {
    const { store } = await stores.store(server.url);
    server.pause();
    const began = performance.now();
    const codes = await Promise.all(
      Array.from({ length: 1_000 }, (_, n) => codeOf(store.update(`key ${n}`, CHANNEL, counted))),
    );
    expect(performance.now() - began).toBeLessThan(PROMPTLY_MS);
    expect(new Set(codes)).toEqual(new Set(['time_out']));
    server.resume();
    await eventually('Redis to take changes', () => store.ping().then(() => true));
    await store.update(KEY, CHANNEL, counted);
  });

  it('gives everything that is pending when there is no limit', async () => {
    const { store } = await stores.store(server.url);
    await store.updateAll(
      Array.from({ length: 2_000 }, (_, n) => ({
        key: `key ${n}`,
        channel: CHANNEL,
        change: holding(thread(incidentId(n)), { due: n }),
      })),
    );
    const pending = await store.pending(Infinity, Infinity);
    expect(pending.map(({ due }) => due)).toEqual(Array.from({ length: 2_000 }, (_, n) => n));
  });

  it('names what Redis refuses, and goes on when it does not', async () => {
    const { store, connection } = await stores.store(server.url);
    await connection.client.config('SET', 'maxmemory', '1');
    expect(await codeOf(store.ping())).toBe('OOM');
    expect(await codeOf(store.update(KEY, CHANNEL, counted))).toBe('OOM');
    expect(await store.get(KEY, CHANNEL)).toBeUndefined();
    await connection.client.config('SET', 'maxmemory', '0');
    expect((await store.update(KEY, CHANNEL, counted)).version).toBe(1);
  });

  it('keeps what it has said is done over a kill -9 of Redis', async () => {
    const { store } = await stores.store(server.url);
    const made: number[] = [];
    const run = { over: false };
    const writing = (async () => {
      for (let n = 1; !run.over; n++) {
        await store.update(`key ${n}`, CHANNEL, holding(thread(incidentId(n)))).then(
          () => made.push(n),
          () => new Promise((resolve) => setTimeout(resolve, 20)),
        );
      }
    })();
    await eventually('some changes', () => made.length > 50);
    await server.kill9();
    await server.startAgain();
    const before = made.length;
    await eventually('changes again', () => made.length > before + 50);
    run.over = true;
    await writing;
    for (const n of made) expect((await store.get(`key ${n}`, CHANNEL))?.current?.incident.id).toBe(incidentId(n));
    expect((await store.counts()).incidents.firing).toBeGreaterThanOrEqual(made.length);
  });

  it('refuses a record of a newer version, and goes on with the others', async () => {
    const { store, connection } = await stores.store(server.url);
    await store.update(KEY, CHANNEL, holding(thread(incidentId(1)), { schema: 2, due: 1 }));
    await store.update('other', CHANNEL, holding(thread(incidentId(2)), { due: 2 }));
    expect(await codeOf(store.get(KEY, CHANNEL))).toBe('format');
    expect(await codeOf(store.update(KEY, CHANNEL, counted))).toBe('format');
    expect((await store.pending(10, 10)).map(({ key }) => key)).toEqual(['other']);
    expect((await store.list({ limit: 5 })).items).toHaveLength(1);
    await connection.client.set('threader:ts-layout', '{"layout":1,"schema":2,"channel":"C0123ABCD"}');
    expect(await codeOf(stores.store(server.url))).toBe('format');
  });
});
