import type { Clock } from '../clock/clock.js';
import type { RedisConnection } from '../redis/redis-connection.js';
import { SocketCensus } from './socket-census.js';

/** How often a process says that it is still there. Milliseconds. */
const TELL_EVERY_MS = 10_000;
/** A process that said nothing for so long is gone, and its sockets with it. Milliseconds. */
const GONE_AFTER_MS = 35_000;
/** Slack goes on counting a socket for a moment after its process has left. Milliseconds. */
const LEAVING_MS = 15_000;
const DAY_S = 86_400;

/** Replicas on one Redis: a hash with a field for each, `<sockets> <until when they count, by Redis' clock>`. */
export class RedisSocketCensus extends SocketCensus {
  private own = 0;
  private cancel: (() => void) | undefined;

  /** @param name of the hash @param member id of this process */
  constructor(
    private readonly redis: RedisConnection,
    private readonly clock: Clock,
    private readonly name: string,
    private readonly member: string,
  ) {
    super();
  }

  override tell(own: number): void {
    this.own = own;
    if (this.cancel === undefined) this.again();
    void this.write(GONE_AFTER_MS);
  }

  override async others(): Promise<number | undefined> {
    try {
      const members = await this.redis.client.hgetall(this.name);
      const now = this.redis.now();
      let sockets = 0;
      for (const [member, value] of Object.entries(members)) {
        const [count = 0, until = 0] = value.split(' ').map(Number);
        if (now > until) void this.redis.client.hdel(this.name, member).catch(() => undefined);
        else if (member !== this.member) sockets += count;
      }
      return sockets;
    } catch {
      return undefined;
    }
  }

  override async leave(): Promise<void> {
    this.cancel?.();
    await this.write(LEAVING_MS);
  }

  private again(): void {
    this.cancel = this.clock.after(TELL_EVERY_MS, () => {
      void this.write(GONE_AFTER_MS);
      this.again();
    });
  }

  /** Only a warning depends on it: what Redis does not take now is said again soon. */
  private async write(forMs: number): Promise<void> {
    try {
      await this.redis.client.hset(this.name, this.member, `${this.own} ${this.redis.now() + forMs}`);
      await this.redis.client.expire(this.name, DAY_S);
    } catch {
      // Redis is away: its own log line says so.
    }
  }
}
