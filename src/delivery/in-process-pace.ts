import type { Clock } from '../clock/clock.js';
import type { Paced } from './lane.js';
import { Pace } from './pace.js';
import { limitsOf, type PaceOptions } from './pace-limits.js';
import { TokenBucket } from './token-bucket.js';

/** The pace of one process alone. */
export class InProcessPace extends Pace {
  private readonly buckets = new Map<string, TokenBucket>();
  private readonly lanes = new Map<Paced, readonly TokenBucket[]>();
  private closedUntil = -Infinity;

  constructor(
    clock: Clock,
    private readonly options: PaceOptions,
  ) {
    super(clock);
  }

  override delay(lane: Paced, byPerson = false): number {
    const buckets = this.bucketsOf(lane);
    if (buckets.length === 0) return 0;
    const now = this.clock.monotonic();
    return Math.max(this.closedUntil - now, ...buckets.map((bucket) => bucket.delay(now, byPerson)));
  }

  override take(lane: Paced, byPerson = false): number {
    const delay = this.delay(lane, byPerson);
    if (delay > 0) return delay;
    const now = this.clock.monotonic();
    for (const bucket of this.bucketsOf(lane)) bucket.take(now);
    return 0;
  }

  override refund(lane: Paced): void {
    for (const bucket of this.bucketsOf(lane)) bucket.refund();
  }

  override close(lane: Paced, ms: number): void {
    this.bucketsOf(lane)[0]?.close(ms, this.clock.monotonic());
  }

  override closeAll(ms: number): void {
    this.closedUntil = this.clock.monotonic() + ms;
  }

  override openAll(): void {
    this.closedUntil = -Infinity;
  }

  private bucketsOf(lane: Paced): readonly TokenBucket[] {
    let buckets = this.lanes.get(lane);
    if (buckets === undefined) {
      buckets = limitsOf(lane, this.options).map(({ name, rate, burst, kept }) => {
        let bucket = this.buckets.get(name);
        if (bucket === undefined) {
          bucket = new TokenBucket(rate, burst, this.clock.monotonic(), kept);
          this.buckets.set(name, bucket);
        }
        return bucket;
      });
      this.lanes.set(lane, buckets);
    }
    return buckets;
  }
}
