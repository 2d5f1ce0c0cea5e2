import type { Cluster, Redis } from 'ioredis';
import type { Clock } from '../clock/clock.js';
import type { AppLogger } from '../logging/logger.js';
import { StoreUnavailableError } from '../thread-store/thread-store.js';
import { IoredisConnection, type FirstConnection } from './ioredis-connection.js';
import { START_WITHIN_MS } from './redis-connection.js';

const FAULT: Readonly<Record<Exclude<FirstConnection, 'ready'> | 'late', (code: string) => string>> = {
  late: (code) => `Redis can't be reached (${code}): check REDIS_URL`,
  refused: (code) => `Redis refuses the user or the password (${code}): check REDIS_URL`,
  untrusted: (code) => `the certificate of Redis is not trusted (${code}): give its CA's with NODE_EXTRA_CA_CERTS`,
};

/**
 * Connects, trying again for 10 s where that may help. @param prefix what our keys begin with
 * @throws {StoreUnavailableError} Redis can't be reached, or refuses us
 */
export const connectRedis = async (
  client: Redis | Cluster,
  clock: Clock,
  logger: AppLogger,
  prefix: string,
): Promise<IoredisConnection> => {
  const connection = new IoredisConnection(client, clock, logger, prefix);
  let cancel = (): void => undefined;
  const late = new Promise<'late'>((resolve) => {
    cancel = clock.after(START_WITHIN_MS, () => {
      resolve('late');
    });
  });
  const outcome = await Promise.race([connection.connect(), late]);
  cancel();
  if (outcome === 'ready') return connection;
  connection.close();
  const code = connection.status().error ?? 'no answer';
  throw new StoreUnavailableError(`can't start: ${FAULT[outcome](code)}`, code);
};
