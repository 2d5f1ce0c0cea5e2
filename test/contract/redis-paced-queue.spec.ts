import { setTimeout as pause } from 'node:timers/promises';
import { SystemClock } from '../../src/clock/clock.js';
import { InProcessQueue } from '../../src/delivery/in-process-queue.js';
import { RedisPace } from '../../src/delivery/redis-pace.js';
import { PRIORITY } from '../../src/domain/priority.js';
import { workOf } from '../../src/delivery/delivery-queue.js';
import { Connections } from '../redis/connections.js';
import { describeRedis } from '../support/describe-redis.js';
import { eventually } from '../support/eventually.js';
import { RedisServer } from '../support/redis-server.js';
import { deliveryQueueContract, QUEUE_PACE } from './delivery-queue.contract.js';

const PREFIX = 'threader:ts';

describeRedis('queue with the pace of all replicas', () => {
  let server: RedisServer;
  const connections = new Connections();
  const clock = new SystemClock();

  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.dispose());
  afterEach(() => {
    connections.close();
  });

  const open = async (): Promise<InProcessQueue> => {
    const connection = await connections.connect(server.url);
    return new InProcessQueue(clock, new RedisPace(clock, connection, QUEUE_PACE, PREFIX));
  };

  deliveryQueueContract('with the pace in Redis', async () => {
    const connection = await connections.connect(server.url);
    await connection.client.flushall();
    return {
      queue: await open(),
      clock,
      pass: async (ms) => {
        await pause(ms);
      },
      dispose: () => undefined,
    };
  });

  it('hands out on three replicas together what one may, and nothing while Redis is away', async () => {
    const connection = await connections.connect(server.url);
    await connection.client.flushall();
    const queues = [await open(), await open(), await open()];
    const at: number[] = [];
    for (const [q, queue] of queues.entries()) {
      for (let i = 0; i < 10; i++) {
        queue.schedule(workOf(`q${String(q)}n${String(i)}`, 'C0123456789'), 'posts:C0123456789', PRIORITY.new);
      }
      queue.start(() => {
        at.push(clock.monotonic());
        return Promise.resolve(true);
      });
    }
    const started = clock.monotonic();
    await eventually('20 calls', () => at.length >= 20);
    at.forEach((time, i) => {
      expect(i + 1).toBeLessThanOrEqual(4 + ((time - started) / 1_000) * QUEUE_PACE.postsPerSecond + 1);
    });
    await server.kill9();
    await pause(50);
    const before = at.length;
    await pause(200);
    expect(at).toHaveLength(before);
    await server.startAgain();
    await eventually('all calls', () => at.length === 30);
    for (const queue of queues) await queue.stop();
  });
});
