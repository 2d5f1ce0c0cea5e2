import type { IoredisConnection } from '../../src/redis/ioredis-connection.js';
import { RedisSocketCensus } from '../../src/slack/redis-socket-census.js';
import { Connections } from '../redis/connections.js';
import { describeRedis } from '../support/describe-redis.js';
import { eventually } from '../support/eventually.js';
import { ManualClock } from '../support/manual-clock.js';
import { RedisServer } from '../support/redis-server.js';

const NAME = 'threader:ts-sockets';

describeRedis('the census of sockets, on a real Redis', () => {
  const connections = new Connections();
  let server: RedisServer;
  let redis: IoredisConnection;
  let clock: ManualClock;

  beforeEach(async () => {
    server = await RedisServer.start();
    clock = new ManualClock(Date.now());
    redis = await connections.connect(server.url);
  });
  afterEach(async () => {
    connections.close();
    await server.dispose();
  });

  it('counts what the others have, and forgets who left or fell silent', async () => {
    const [a, b] = ['a', 'b'].map((name) => new RedisSocketCensus(redis, clock, NAME, name));
    if (a === undefined || b === undefined) throw new Error('two are wanted');
    a.tell(1);
    b.tell(2);
    await eventually('a to know of b', async () => (await a.others()) === 2);
    expect(await b.others()).toBe(1);

    await b.leave();
    expect(await a.others()).toBe(2); // Slack counts them until they are closed
    const [, until = 0] = (await redis.client.hget(NAME, 'b'))?.split(' ').map(Number) ?? [];
    expect(until - redis.now()).toBeLessThanOrEqual(15_000);
    await redis.client.hset(NAME, 'b', `2 ${String(redis.now() - 1)}`);
    expect(await a.others()).toBe(0);

    await redis.client.hset(NAME, 'dead', `3 ${String(redis.now() - 1)}`);
    expect(await a.others()).toBe(0);
    await eventually('the dead one to be gone', async () => !(await redis.client.hexists(NAME, 'dead')));
    await a.leave();
  });

  it('says that it does not know while Redis is away', async () => {
    const census = new RedisSocketCensus(redis, clock, NAME, 'a');
    await server.stop();
    census.tell(1);
    expect(await census.others()).toBeUndefined();
    await census.leave();
  });
});
