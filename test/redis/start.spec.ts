import { SystemClock, type Clock } from '../../src/clock/clock.js';
import type { IoredisConnection } from '../../src/redis/ioredis-connection.js';
import { RedisThreadStore } from '../../src/thread-store/redis-thread-store.js';
import { CHANNEL } from '../contract/records.js';
import { describeRedis } from '../support/describe-redis.js';
import { eventually } from '../support/eventually.js';
import { ManualClock } from '../support/manual-clock.js';
import { RedisServer } from '../support/redis-server.js';
import { Connections, PREFIX } from './connections.js';

describeRedis('a start that has its connection', () => {
  const connections = new Connections();
  let server: RedisServer;
  let connection: IoredisConnection;
  let store: RedisThreadStore | undefined;
  const open = async (clock: Clock = new SystemClock()): Promise<void> => {
    const { log: logger } = connections;
    store = await RedisThreadStore.open({ connection, prefix: PREFIX, defaultChannel: CHANNEL, clock, logger });
  };
  const warnings = (): unknown[] => connections.log.lines.filter(({ level }) => level === 'warn');
  const triesAgain = (code: string): unknown => ({
    level: 'warn',
    fields: { code },
    message: 'Redis can not do yet what the start needs: trying again',
  });

  beforeEach(async () => {
    server = await RedisServer.start();
    connection = await connections.connect(server.url);
    connections.log.lines.length = 0;
  });
  afterEach(async () => {
    server.resume();
    await store?.close();
    store = undefined;
    connections.close();
    await server.dispose();
  });

  it('goes on once a Redis that hangs answers again', async () => {
    server.pause();
    const opening = open();
    await eventually('the first try to fail', () => warnings().length > 0);
    expect(warnings()[0]).toEqual(triesAgain('time_out'));
    server.resume();
    await opening;
    expect(await store?.counts()).toMatchObject({ threads: 0 });
  });

  it('ends after 10 s, with the cause', async () => {
    await connection.client.config('SET', 'maxmemory', '1');
    const clock = new ManualClock();
    let ended: unknown;
    const opening = open(clock).catch((error: unknown) => (ended = error));
    const began = clock.monotonic();
    await eventually('the end', async () => {
      await clock.advance(100);
      return ended !== undefined;
    });
    await opening;
    expect(ended).toMatchObject({ code: 'OOM', message: "open thread store: Redis can't do it now (OOM)" });
    expect(clock.monotonic() - began).toBeGreaterThanOrEqual(9_500);
    expect(warnings()).toContainEqual(triesAgain('OOM'));
  });

  it.each([
    ['may not read', () => connection.client.acl('SETUSER', 'default', '-get'), 'NOPERM'],
    ["finds a newer version's data", () => connection.client.set(`${PREFIX}-layout`, '{"layout":9}'), 'format'],
  ])('ends at once where it %s', async (_, provoke, code) => {
    await provoke();
    await expect(open(new ManualClock())).rejects.toMatchObject({ code });
    expect(warnings()).toEqual([]);
  });
});
