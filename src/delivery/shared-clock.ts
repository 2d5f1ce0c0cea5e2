import { Clock } from '../clock/clock.js';
import type { RedisConnection } from '../redis/redis-connection.js';

/** The time that all replicas have in common, which leases are measured by; timers and durations are our own. */
export class SharedClock extends Clock {
  constructor(
    private readonly redis: Pick<RedisConnection, 'now'>,
    private readonly own: Clock,
  ) {
    super();
  }

  override now(): number {
    return this.redis.now();
  }

  override monotonic(): number {
    return this.own.monotonic();
  }

  override after(ms: number, callback: () => void): () => void {
    return this.own.after(ms, callback);
  }
}
