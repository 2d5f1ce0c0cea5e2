import type { Clock } from '../clock/clock.js';

/** Redis is asked this often, in milliseconds; the two clocks drift by far less than a millisecond meanwhile. */
const EVERY_MS = 10_000;
/** An answer that took longer says too little. */
const ROUND_TRIP_MOST_MS = 500;

/** Redis' clock, told by our own and the difference when we last looked. */
export class RedisClock {
  private offset: number;
  private cancel: (() => void) | undefined;

  /** @param ask Redis' TIME, epoch milliseconds */
  constructor(
    private readonly clock: Clock,
    private readonly ask: () => Promise<number>,
  ) {
    this.offset = clock.now() - clock.monotonic();
  }

  now(): number {
    return Math.round(this.clock.monotonic() + this.offset);
  }

  /** Looks now, and from now on every so often. Never rejects: without an answer the last one counts. */
  async start(): Promise<void> {
    this.stop();
    this.cancel = this.clock.after(EVERY_MS, () => void this.start());
    const before = this.clock.monotonic();
    try {
      const time = await this.ask();
      const after = this.clock.monotonic();
      if (after - before <= ROUND_TRIP_MOST_MS) this.offset = time - (before + after) / 2;
    } catch {
      // Redis is away: whoever needs it is told so
    }
  }

  stop(): void {
    this.cancel?.();
  }
}
