import { RedisWarnings } from '../../src/health/redis-warnings.js';
import { redisFigures } from '../../src/stats/redis-figures.js';
import { describeRedis } from '../support/describe-redis.js';
import { ManualClock } from '../support/manual-clock.js';
import { RedisServer } from '../support/redis-server.js';
import { Connections } from './connections.js';
import { RedisCluster } from './redis-cluster.js';

describeRedis('what an operator is told of Redis', () => {
  const connections = new Connections();
  const servers: RedisServer[] = [];
  const start = async (settings: Record<string, string> = {}): Promise<RedisServer> => {
    const server = await RedisServer.start({ settings });
    servers.push(server);
    return server;
  };
  const warnings = async (settings: Record<string, string>, forbidden?: string): Promise<readonly string[]> => {
    const server = await start(settings);
    const connection = await connections.connect(server.url);
    if (forbidden !== undefined) await connection.client.call('ACL', 'SETUSER', 'default', forbidden);
    return new RedisWarnings(connection, new ManualClock()).now();
  };
  afterEach(async () => {
    connections.close();
    for (const server of servers.splice(0)) await server.dispose();
  });

  it('is nothing where all is well', async () => {
    expect(await warnings({})).toEqual([]);
    expect(await warnings({ appendonly: 'no', save: '3600 1' })).toEqual([]);
    expect(await warnings({ 'maxmemory-policy': 'volatile-lru', maxmemory: '100mb' })).toEqual([]);
    expect(await new RedisWarnings(null, new ManualClock()).now()).toEqual([]);
  });

  it.each<[string, Record<string, string>, RegExp[]]>([
    [
      'an eviction policy that drops threads',
      { 'maxmemory-policy': 'allkeys-lru', maxmemory: '100mb' },
      [/^Redis may drop threads when its memory is full \(allkeys-lru\): set maxmemory-policy noeviction$/],
    ],
    [
      'no persistence',
      { appendonly: 'no', save: '' },
      [/^Redis keeps nothing over a restart \(no AOF, no RDB\): set appendonly yes$/],
    ],
    ['memory that is nearly full', { maxmemory: '1mb' }, [/^Redis uses \d+ % of maxmemory, .*: raise maxmemory$/]],
  ])('is %s', async (_, settings, expected) => {
    const told = await warnings(settings);
    expect(told).toHaveLength(expected.length);
    for (const [i, pattern] of expected.entries()) expect(told[i]).toMatch(pattern);
  });

  it('is the policy also where CONFIG is forbidden', async () => {
    const settings = { 'maxmemory-policy': 'allkeys-lfu', appendonly: 'no', save: '' };
    expect(await warnings(settings, '-config')).toEqual([expect.stringContaining('allkeys-lfu')]);
  });

  it('is asked for at most every 30 s, and again once Redis is back', async () => {
    const server = await start();
    const connection = await connections.connect(server.url);
    const clock = new ManualClock();
    const told = new RedisWarnings(connection, clock);
    expect(await told.now()).toEqual([]);
    await connection.client.config('SET', 'maxmemory-policy', 'allkeys-random');
    clock.jump(29_999);
    expect(await told.now()).toEqual([]);
    clock.jump(1);
    expect(await told.now()).toHaveLength(1);
    clock.jump(30_000);
    await server.kill9();
    expect(await told.now()).toEqual([]);
  });

  it('are its figures', async () => {
    const server = await start();
    const connection = await connections.connect(server.url);
    await connection.client.set('key', 'value');
    await Promise.all([connection.client.get('key'), connection.client.get('key'), connection.client.get('none')]);
    expect(await redisFigures(connection)).toEqual({
      connected_clients: 1,
      used_memory_human: expect.stringMatching(/^\d+\.\d\dM$/) as unknown,
      keyspace_hits: 2,
      keyspace_misses: 1,
    });
  });

  it('are sums in a Cluster', async () => {
    const cluster = await RedisCluster.start();
    try {
      const connection = await connections.connect(cluster.url);
      for (let n = 0; n < 30; n++) await connection.client.get(`none ${n}`);
      expect(await redisFigures(connection)).toMatchObject({
        used_memory_human: expect.stringMatching(/^\d+\.\d\dM$/) as unknown,
        keyspace_misses: 30,
      });
      expect(await new RedisWarnings(connection, new ManualClock()).now()).toEqual([]);
    } finally {
      connections.close();
      await cluster.dispose();
    }
  });
});
