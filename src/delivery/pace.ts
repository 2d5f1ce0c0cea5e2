import type { Clock } from '../clock/clock.js';
import type { LaneName } from './lane.js';
import { TokenBucket } from './token-bucket.js';

export interface PaceOptions {
  /** Per channel: SLACK_POSTS_PER_SECOND and SLACK_POST_BURST. */
  readonly postsPerSecond: number;
  readonly postBurst: number;
}

/** Slack allows "several hundred" posts a minute in a workspace, over all channels: 300. */
const WORKSPACE_POSTS = { rate: 5, burst: 20 };
/** Tier 3 is 50 a minute: 40 and a burst of 10 never exceed it in any minute. */
const TIER_3 = { rate: 40 / 60, burst: 10 };

/**
 * Of each burst so many are left for what people did: a backlog takes every token as it comes, and a click would wait
 * for the next one, or the one after that. Of a channel's burst it is one, where there are two.
 */
const KEPT_FOR_PEOPLE = { workspacePosts: 2, channelPosts: 1, edits: 5 };

/** Slack's limits, as token buckets. The queue asks before each piece of work that it hands out. */
export class Pace {
  private readonly channels = new Map<LaneName, TokenBucket>();
  private readonly workspacePosts: TokenBucket;
  private readonly edits: TokenBucket;
  private readonly reads: TokenBucket;
  private closedUntil = -Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly options: PaceOptions,
  ) {
    const now = clock.monotonic();
    this.workspacePosts = new TokenBucket(
      WORKSPACE_POSTS.rate,
      WORKSPACE_POSTS.burst,
      now,
      KEPT_FOR_PEOPLE.workspacePosts,
    );
    this.edits = new TokenBucket(TIER_3.rate, TIER_3.burst, now, KEPT_FOR_PEOPLE.edits);
    this.reads = new TokenBucket(TIER_3.rate, TIER_3.burst, now);
  }

  /** Milliseconds until the lane may go on; 0: now. What a person did may also use what is kept for people. */
  delay(lane: LaneName, byPerson = false): number {
    const now = this.clock.monotonic();
    const buckets = this.bucketsOf(lane);
    if (buckets.length === 0) return 0;
    return Math.max(this.closedUntil - now, ...buckets.map((bucket) => bucket.delay(now, byPerson)));
  }

  take(lane: LaneName): void {
    const now = this.clock.monotonic();
    for (const bucket of this.bucketsOf(lane)) bucket.take(now);
  }

  /** The token taken last was not needed. */
  refund(lane: LaneName): void {
    for (const bucket of this.bucketsOf(lane)) bucket.refund();
  }

  /** A 429, or failures in a row: this lane's own limit, and no other, is closed for `ms`. */
  close(lane: LaneName, ms: number): void {
    this.bucketsOf(lane)[0]?.close(ms, this.clock.monotonic());
  }

  /** Slack refuses the app itself: nothing goes for `ms`. */
  closeAll(ms: number): void {
    this.closedUntil = this.clock.monotonic() + ms;
  }

  openAll(): void {
    this.closedUntil = -Infinity;
  }

  /** Resolves when a token of the lane was taken. */
  async wait(lane: LaneName): Promise<void> {
    for (let delay = this.delay(lane); delay > 0; delay = this.delay(lane)) {
      await new Promise<void>((resolve) => {
        this.clock.after(Math.ceil(delay), resolve);
      });
    }
    this.take(lane);
  }

  private bucketsOf(lane: LaneName): TokenBucket[] {
    if (lane === 'store') return [];
    if (lane === 'edits') return [this.edits];
    if (lane === 'reads') return [this.reads];
    let bucket = this.channels.get(lane);
    if (bucket === undefined) {
      const { postsPerSecond, postBurst } = this.options;
      const kept = Math.min(KEPT_FOR_PEOPLE.channelPosts, postBurst - 1);
      bucket = new TokenBucket(postsPerSecond, postBurst, this.clock.monotonic(), kept);
      this.channels.set(lane, bucket);
    }
    return [bucket, this.workspacePosts];
  }
}
