import type { Clock } from '../clock/clock.js';
import type { RedisConnection } from '../redis/redis-connection.js';
import type { StoreLogger } from './store-logger.js';

export interface RedisThreadStoreOptions {
  readonly connection: RedisConnection;
  /** What our keys begin with (REDIS_KEY_PREFIX). */
  readonly prefix: string;
  /** Threads there are shown without their channel (SLACK_CHANNEL); those of the earlier version are there. */
  readonly defaultChannel: string;
  readonly clock: Clock;
  readonly logger: StoreLogger;
}
