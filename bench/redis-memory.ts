import { createRedisConnection } from '@nestjs-modules/ioredis';
import { SystemClock } from '../src/clock/clock.js';
import { parseRedisUrl } from '../src/config/redis-address.js';
import { clientOptions } from '../src/redis/client-options.js';
import { connectRedis } from '../src/redis/connect-redis.js';
import { RedisThreadStore } from '../src/thread-store/redis-thread-store.js';
import { RecordingLogger } from '../test/support/recording-logger.js';
import type { RedisServer } from '../test/support/redis-server.js';
import { say, type Figure } from './figures.js';
import { CHANNEL, fillStore } from './live-store.js';
import { cli, startRedis } from './redis-world.js';

const THREADS = 10_000;

/** What a live thread takes in Redis: one alert, shown in Slack. */
export const redisMemory = async (): Promise<Figure[]> => {
  const redis = await startRedis();
  const clock = new SystemClock();
  const logger = new RecordingLogger();
  const address = parseRedisUrl(redis.url);
  if (address === undefined) throw new Error(`no Redis address: ${redis.url}`);
  const connection = await connectRedis(createRedisConnection(clientOptions(address)), clock, logger, 'threader:ts');
  const store = await RedisThreadStore.open({
    connection,
    prefix: 'threader:ts',
    defaultChannel: CHANNEL,
    clock,
    logger,
  });
  const before = await usedMemory(redis);
  await fillStore(store, THREADS);
  const bytes = ((await usedMemory(redis)) - before) / THREADS;
  say(`memory in Redis: ${bytes.toFixed(0)} bytes a live thread`);
  await store.close();
  connection.close();
  await redis.dispose();
  return [
    {
      what: `memory in Redis of a live thread (of ${String(THREADS)})`,
      measured: `${(bytes / 1_000).toFixed(1)} kB`,
      baseline: '',
      target: '',
      met: true,
    },
  ];
};

const usedMemory = async (redis: RedisServer): Promise<number> =>
  Number(/used_memory:(\d+)/.exec(await cli(redis, 'info', 'memory'))?.[1]);
