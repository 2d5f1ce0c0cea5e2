import type { Clock } from '../clock/clock.js';
import type { AppLogger } from '../logging/logger.js';
import { START_WITHIN_MS } from '../redis/redis-connection.js';
import { StoreUnavailableError } from './thread-store.js';

const AGAIN_AFTER_MS = 500;

/** Faults that waiting does not mend: the rights of our user, and a newer version's data. */
const FINAL: readonly string[] = ['NOPERM', 'NOAUTH', 'WRONGPASS', 'format'];

/**
 * Does what a start wants of Redis, again and again for 10 s where Redis is away or slow: a disk that is slow for a
 * second is no reason to end. @param work can be done twice. @throws {StoreUnavailableError} the last fault
 */
export const whileStarting = async (
  clock: Clock,
  logger: Pick<AppLogger, 'warn'>,
  work: () => Promise<void>,
): Promise<void> => {
  const end = clock.monotonic() + START_WITHIN_MS;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      const mayPass = error instanceof StoreUnavailableError && !FINAL.includes(error.code);
      if (!mayPass || clock.monotonic() + AGAIN_AFTER_MS > end) throw error;
      logger.warn({ code: error.code }, 'Redis can not do yet what the start needs: trying again');
    }
    await clock.pause(AGAIN_AFTER_MS);
  }
};
