import type { Redis } from 'ioredis';
import type { Clock } from '../clock/clock.js';
import type { RedisConnection } from '../redis/redis-connection.js';
import type { StoreLogger } from './store-logger.js';

/** How many milliseconds a change waits for one replica of Redis to have it. */
const WAIT_MS = 100;
/** Replicas come and go: they are looked for this often, in milliseconds. */
const LOOK_EVERY_MS = 10_000;
/** One that is behind is not waited for during so many milliseconds. */
const BEHIND_MS = 1_000;

/**
 * Where Redis has a replica, a change waits until one has it: less is lost when the master dies. A replica that is
 * behind is not waited for: every command behind the wait would wait too.
 */
export class ReplicaWait {
  private masters: readonly Redis[] = [];
  private together: Promise<void> | undefined;
  private behindSince: number | undefined;
  private again = -Infinity;
  private cancel: (() => void) | undefined;

  constructor(
    private readonly connection: RedisConnection,
    private readonly clock: Clock,
    private readonly logger: StoreLogger,
  ) {}

  /** Looks for replicas, now and from now on. Never rejects. */
  async start(): Promise<void> {
    this.stop();
    this.cancel = this.clock.after(LOOK_EVERY_MS, () => void this.start());
    const all = this.connection.masters();
    const have = await Promise.all(all.map((master) => hasReplica(master).catch(() => false)));
    this.masters = all.filter((_, i) => have[i]);
  }

  stop(): void {
    this.cancel?.();
  }

  /** Writes of the same moment wait together. Never rejects: they are made. */
  wait(): Promise<void> {
    if (this.masters.length === 0 || this.clock.monotonic() < this.again) return Promise.resolve();
    this.together ??= Promise.resolve().then(() => {
      this.together = undefined;
      return this.ask();
    });
    return this.together;
  }

  private async ask(): Promise<void> {
    const counts = await Promise.all(this.masters.map((master) => master.wait(1, WAIT_MS).catch(() => null)));
    if (counts.includes(null)) return; // Redis is away: the connection tells of it
    const now = this.clock.monotonic();
    if (counts.includes(0)) {
      if (this.behindSince === undefined) {
        this.logger.warn({ waitMs: WAIT_MS }, 'no replica of Redis keeps up: changes do not wait for one');
      }
      this.behindSince ??= now;
      this.again = now + BEHIND_MS;
    } else if (this.behindSince !== undefined) {
      this.logger.info({ behindMs: Math.round(now - this.behindSince) }, 'a replica of Redis keeps up again');
      this.behindSince = undefined;
    }
  }
}

const hasReplica = async (master: Redis): Promise<boolean> =>
  Number(/^connected_slaves:(\d+)/m.exec(await master.info('replication'))?.[1] ?? 0) > 0;
