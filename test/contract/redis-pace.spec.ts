import { setTimeout as pause } from 'node:timers/promises';
import { SystemClock } from '../../src/clock/clock.js';
import { RedisPace } from '../../src/delivery/redis-pace.js';
import { StoreUnavailableError } from '../../src/thread-store/thread-store.js';
import { Connections } from '../redis/connections.js';
import { describeRedis } from '../support/describe-redis.js';
import { RedisServer } from '../support/redis-server.js';
import { paceContract } from './pace.contract.js';

const DAY_MS = 86_400_000;
const PREFIX = 'threader:ts';

describeRedis('pace in Redis', () => {
  let server: RedisServer;
  const connections = new Connections();
  const clock = new SystemClock();
  const options = { postsPerSecond: 1, postBurst: 3 };

  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.dispose());
  afterEach(() => {
    connections.close();
  });

  paceContract('redis', async (limits) => {
    const [here, there] = [await connections.connect(server.url), await connections.connect(server.url)];
    await here.client.flushall();
    return {
      pace: new RedisPace(clock, here, limits, PREFIX),
      other: new RedisPace(clock, there, limits, PREFIX),
      pass: async (ms) => {
        await pause(ms);
      },
      dispose: () => undefined,
    };
  });

  it('keeps everything in one slot, and forgets what was not used for a day', async () => {
    const connection = await connections.connect(server.url);
    await connection.client.flushall();
    const pace = new RedisPace(clock, connection, options, PREFIX);
    await pace.take('posts:C0HERE');
    await pace.take('edits');
    pace.close('reads', 1_000);
    pace.closeAll(2_000);
    await pace.take('reads');
    const keys = await connection.client.keys('*');
    expect(keys.sort()).toEqual(
      ['all', 'edits', 'posts', 'posts:C0HERE', 'reads'].map((name) => `${PREFIX}-{pace}:${name}`),
    );
    for (const key of keys) {
      const left = await connection.client.pttl(key);
      expect(left).toBeGreaterThan(key.endsWith('all') ? 1_000 : DAY_MS - 10_000);
      expect(left).toBeLessThanOrEqual(DAY_MS);
    }
  });

  it('gives nothing while Redis is away, and asks again when it is back', async () => {
    const connection = await connections.connect(server.url);
    const pace = new RedisPace(clock, connection, options, PREFIX);
    await server.kill9();
    await expect(pace.take('edits')).rejects.toThrow(StoreUnavailableError);
    pace.refund('edits');
    pace.close('edits', 10);
    await server.startAgain();
    let wait = 1;
    while (wait > 0) {
      await pause(20);
      wait = await Promise.resolve(pace.take('edits')).catch(() => 1);
    }
  });

  it('asks once a token, not once a try', async () => {
    const connection = await connections.connect(server.url);
    await connection.client.flushall();
    const pace = new RedisPace(clock, connection, options, PREFIX);
    expect(pace.delay('posts:C0HERE')).toBe(0);
    for (let i = 0; i < 2; i++) await pace.take('posts:C0HERE');
    // The answer to the second one said that there is no third.
    expect(pace.delay('posts:C0HERE')).toBeGreaterThan(500);
    expect(pace.delay('posts:C0HERE', true)).toBe(0);
  });
});
