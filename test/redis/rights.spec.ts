import type { Redis } from 'ioredis';
import { SystemClock } from '../../src/clock/clock.js';
import { workOf } from '../../src/delivery/delivery-queue.js';
import { RedisPace } from '../../src/delivery/redis-pace.js';
import { RedisWakeUps } from '../../src/delivery/redis-wake-ups.js';
import { RedisWarnings } from '../../src/health/redis-warnings.js';
import { redisFigures } from '../../src/stats/redis-figures.js';
import { RedisThreadStore } from '../../src/thread-store/redis-thread-store.js';
import { CHANNEL, counted, holding, incidentId, KEY, resolved, thread } from '../contract/records.js';
import { describeRedis } from '../support/describe-redis.js';
import { eventually } from '../support/eventually.js';
import { RedisServer } from '../support/redis-server.js';
import { Connections, PREFIX } from './connections.js';

/** As docs/redis.md has it. */
const RIGHTS = ['~threader:ts*', '&threader:ts*', '+@all', '-@admin', '-@dangerous', '+info', '+config|get'];
const CHANGED = `${PREFIX}-changed`;

describeRedis("the rights of the service's user in Redis", () => {
  const connections = new Connections();
  const clock = new SystemClock();
  let server: RedisServer;
  let admin: Redis;

  const connect = (user: string): ReturnType<Connections['connect']> =>
    connections.connect(server.url.replace('//', `//${user}:secret@`));
  const user = async (name: string, ...rights: string[]): Promise<void> => {
    await admin.acl('SETUSER', name, 'on', '>secret', 'resetchannels', ...rights);
  };

  beforeEach(async () => {
    server = await RedisServer.start();
    admin = (await connections.connect(server.url)).client as Redis;
    connections.log.lines.length = 0;
  });
  afterEach(async () => {
    connections.close();
    await server.dispose();
  });

  it('are enough as docs/redis.md gives them', async () => {
    await user('threader', ...RIGHTS);
    const [connection, other] = [await connect('threader'), await connect('threader')];
    const store = await RedisThreadStore.open({
      ...{ connection, clock, prefix: PREFIX, defaultChannel: CHANNEL },
      logger: connections.log,
    });
    await store.update(KEY, CHANNEL, holding(thread(incidentId(1), { rootTs: '1.1', firing: ['f1'] }), { due: 5 }));
    await store.update(KEY, CHANNEL, counted);
    await store.archive(resolved(9));
    await store.list({ limit: 5 });
    await store.overview();
    await store.ping();
    expect(await new RedisPace(clock, connection, { postsPerSecond: 1, postBurst: 3 }, PREFIX).take('edits')).toBe(0);
    const heard: string[] = [];
    await new RedisWakeUps(connection, CHANGED, 'one').hear((works) => heard.push(...works.map(({ key }) => key)));
    const teller = new RedisWakeUps(other, CHANGED, 'two');
    await eventually('a wake-up', () => {
      teller.tell(workOf(KEY, CHANNEL));
      return heard.includes(KEY);
    });
    expect(await new RedisWarnings(connection, clock).now()).toEqual([]);
    expect(await redisFigures(connection)).toMatchObject({ connected_clients: expect.any(Number) as number });
    expect(await store.clear()).toBe(1);
    await store.close();
    expect(await admin.call('ACL', 'LOG')).toEqual([]);
    expect(connections.log.lines).toEqual([]);
  });

  it('that are missing for what replicas agree by are named, once each', async () => {
    await user('threader', '~threader:ts:*', '+@all');
    const connection = await connect('threader');
    await connection.subscribe(CHANGED, () => undefined);
    for (let n = 0; n < 3; n++) connection.publish(CHANGED, 'x');
    const lines = (): unknown[] => connections.log.lines;
    await eventually('all of them to be named', () => lines().length >= 3);
    await connection.client.ping();
    const message = 'Redis refuses a command that replicas agree by: give its user the right';
    expect(lines()).toEqual(
      expect.arrayContaining(
        ['TIME', `SUBSCRIBE ${CHANGED}`, `PUBLISH ${CHANGED}`].map((command) => ({
          level: 'error',
          fields: { code: 'NOPERM', command },
          message,
        })),
      ),
    );
    expect(lines()).toHaveLength(3);
  });
});
