import type { Cluster, Redis } from 'ioredis';
import type { Clock } from '../clock/clock.js';
import type { AppLogger } from '../logging/logger.js';
import { StoreUnavailableError } from '../thread-store/thread-store.js';
import { IoredisConnection } from './ioredis-connection.js';

/** How many milliseconds a start waits for Redis. */
const START_WITHIN_MS = 10_000;

/** Connects, trying again for 10 s. @throws {StoreUnavailableError} Redis can't be reached, or refuses us */
export const connectRedis = async (
  client: Redis | Cluster,
  clock: Clock,
  logger: AppLogger,
): Promise<IoredisConnection> => {
  const connection = new IoredisConnection(client, clock, logger);
  let cancel = (): void => undefined;
  const late = new Promise<'late'>((resolve) => {
    cancel = clock.after(START_WITHIN_MS, () => {
      resolve('late');
    });
  });
  const outcome = await Promise.race([connection.connect(), late]);
  cancel();
  if (outcome !== 'late') return connection;
  const code = connection.status().error ?? 'no answer';
  connection.close();
  throw new StoreUnavailableError(`can't start: Redis can't be reached (${code}): check REDIS_URL`, code);
};
