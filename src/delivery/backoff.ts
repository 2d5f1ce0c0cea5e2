import type { Work } from './delivery-queue.js';

/** Delay before try `attempts + 1`: doubled from `first` up to `most`, 20 % either way. Milliseconds. */
export const backoff = (attempts: number, first: number, most: number, random: () => number): number =>
  Math.min(most, first * 2 ** Math.min(attempts, 20)) * (0.8 + 0.4 * random());

/** Failures in a row that say something about the lane, not about one thread. */
const LANE_FAILURES = 3;
const MOST_MS = 10_000;

/** Notices that a whole lane fails, so that a Slack that is down is not asked by each thread in turn. */
export class LaneHealth {
  private failures = 0;
  /** Threads that wait for a next try because of it. */
  private readonly failing = new Map<string, Work>();

  /** @returns how long the lane is to rest; 0: not at all */
  failed(work: Work, random: () => number): number {
    this.failing.set(work.id, work);
    this.failures += 1;
    return this.failures < LANE_FAILURES ? 0 : backoff(this.failures - LANE_FAILURES, 500, MOST_MS, random);
  }

  /** @returns the threads that need not wait any longer */
  worked(): readonly Work[] {
    this.failures = 0;
    if (this.failing.size === 0) return [];
    const recovered = [...this.failing.values()];
    this.failing.clear();
    return recovered;
  }
}
