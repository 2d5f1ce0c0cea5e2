import type { Clock } from '../clock/clock.js';
import type { RedisConnection } from '../redis/redis-connection.js';
import { type Paced } from './lane.js';
import { Pace } from './pace.js';
import { limitsOf, type Limit, type PaceOptions } from './pace-limits.js';
import { CLOSE, CLOSE_ALL, REFUND, takeOf } from './redis-pace-scripts.js';

/** When a lane may go on, on this process' clock that never jumps: what Redis said last. */
interface Estimate {
  others: number;
  people: number;
}

/**
 * The pace of all replicas together: the buckets are in Redis, on Redis' clock. What Redis answered is remembered, so
 * that it is not asked while there can be no token. Lost refunds cost a token; a lost closing is made up by the next 429.
 */
export class RedisPace extends Pace {
  private readonly estimates = new Map<Paced, Estimate>();
  private closedUntil = -Infinity;
  /** Refunds and closings that Redis has not done yet: no token is asked for before. */
  private sent: Promise<unknown> = Promise.resolve();
  private readonly prefix: string;
  /** Until when everything is closed. */
  private readonly all: string;

  /** @param prefix what our keys begin with */
  constructor(
    clock: Clock,
    private readonly redis: RedisConnection,
    private readonly options: PaceOptions,
    prefix: string,
  ) {
    super(clock);
    // The part in braces puts all keys into one slot of a cluster, since one script works on several of them.
    this.prefix = `${prefix}-{pace}:`;
    this.all = `${this.prefix}all`;
  }

  override delay(lane: Paced, byPerson = false): number {
    const estimate = this.estimates.get(lane);
    const openAt = Math.max(this.closedUntil, (byPerson ? estimate?.people : estimate?.others) ?? -Infinity);
    return lane === 'store' ? 0 : Math.max(0, openAt - this.clock.monotonic());
  }

  override take(lane: Paced, byPerson = false): number | Promise<number> {
    const limits = this.limitsOf(lane);
    return limits.length === 0 ? 0 : this.ask(lane, limits, byPerson);
  }

  override refund(lane: Paced): void {
    const limits = this.limitsOf(lane);
    for (const { name, burst } of limits) this.send(this.redis.run(REFUND, this.prefix + name, burst));
    if (limits.length > 0) this.estimates.delete(lane);
  }

  override close(lane: Paced, ms: number): void {
    const [own] = this.limitsOf(lane);
    if (own === undefined) return;
    const { name, rate, burst, kept } = own;
    const until = this.clock.monotonic() + ms;
    const { others, people } = this.estimates.get(lane) ?? { others: until, people: until };
    this.estimates.set(lane, { others: Math.max(until, others), people: Math.max(until, people) });
    this.send(this.redis.run(CLOSE, this.prefix + name, Math.ceil(ms), rate, burst, kept));
  }

  override closeAll(ms: number): void {
    this.closedUntil = this.clock.monotonic() + ms;
    this.send(this.redis.run(CLOSE_ALL, this.all, Math.ceil(ms)));
  }

  override openAll(): void {
    this.closedUntil = -Infinity;
    this.estimates.clear();
    this.send(this.redis.run(CLOSE_ALL, this.all, 0));
  }

  private async ask(lane: Paced, limits: readonly Limit[], byPerson: boolean): Promise<number> {
    const keys = [this.all, ...limits.map(({ name }) => this.prefix + name)];
    const numbers = limits.flatMap(({ rate, burst, kept }) => [rate, burst, kept]);
    await this.sent;
    const answer = await this.redis.run(takeOf(limits.length), ...keys, byPerson ? 1 : 0, ...numbers);
    const [wait = 0, others = 0, people = 0] = answer as readonly number[];
    const now = this.clock.monotonic();
    this.estimates.set(lane, { others: now + others, people: now + people });
    return wait;
  }

  private limitsOf(lane: Paced): readonly Limit[] {
    return limitsOf(lane, this.options);
  }

  private send(command: Promise<unknown>): void {
    // A failure is made up for (see above), and the connection tells of it.
    this.sent = Promise.allSettled([this.sent, command]).then(() => undefined); // else each would hold all before it
  }
}
