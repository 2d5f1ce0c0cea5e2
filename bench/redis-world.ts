import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RedisServer } from '../test/support/redis-server.js';
import { startService, type Child } from './child.js';
import { say } from './figures.js';
import { load } from './load.js';

const run = promisify(execFile);

/** As long as a record with one alert. */
const VALUE_BYTES = 1_500;
const CONNECTIONS = 64;

/** A Redis of this run's own: AOF on and synced with every write, like the file store; BENCH_APPENDFSYNC=everysec for the other. */
export const startRedis = (): Promise<RedisServer> =>
  RedisServer.start({ settings: { appendfsync: process.env['BENCH_APPENDFSYNC'] ?? 'always' } });

/** So many replicas on an empty Redis, or one with the file store. */
export const startReplicas = async (
  folder: string,
  slackUrl: string,
  redis: RedisServer | undefined,
  count = 1,
): Promise<Child[]> => {
  const file = join(folder, `redis-${String(Date.now())}.json`);
  const settings: Record<string, string> = redis === undefined ? {} : { THREAD_STORE: 'redis', REDIS_URL: redis.url };
  if (redis !== undefined) await cli(redis, 'flushall');
  return Promise.all(Array.from({ length: count }, () => startService(file, slackUrl, settings)));
};

/** redis-cli's words, and what it said. */
export const cli = async (redis: RedisServer, ...words: string[]): Promise<string> =>
  (await run('redis-cli', ['-u', redis.url, ...words])).stdout;

/** What Redis itself takes: SETs a second of values as large as ours, from as many connections, one at a time on each. */
export const setRate = async (redis: RedisServer): Promise<number> => {
  const asked = ['-p', String(redis.port), '-t', 'set', '-n', '60000', '-r', '100000', '--csv'];
  const { stdout } = await run('redis-benchmark', [...asked, '-c', String(CONNECTIONS), '-d', String(VALUE_BYTES)]);
  const rate = Number(/"SET","([\d.]+)"/.exec(stdout)?.[1]);
  if (!(rate > 0)) throw new Error(`redis-benchmark said: ${stdout}`);
  await cli(redis, 'flushall');
  return rate;
};

export interface Run {
  /** Default 64. */
  readonly connections?: number;
  readonly seconds?: number;
  readonly amount?: number;
}

/** The same connections for one replica or for several. @returns webhooks a second */
export const loadAll = async (services: readonly Child[], body: () => string, asked: Run): Promise<number> => {
  const share = services.length;
  const { connections = CONNECTIONS, seconds = 0, amount } = asked;
  const rates = await Promise.all(
    services.map(({ url }) =>
      load({
        url,
        seconds,
        body,
        connections: connections / share,
        refused: (count) => {
          say(`${String(count)} webhooks were answered 503`);
        },
        ...(amount === undefined ? {} : { amount: amount / share }),
      }),
    ),
  );
  return rates.reduce((sum, rate) => sum + rate, 0);
};
