/** Lets at most `max` through in any `spanMs`. */
export class SlidingWindow {
  private readonly taken: number[] = [];

  constructor(
    private readonly max: number,
    private readonly spanMs: number,
    private readonly now: () => number,
  ) {}

  /** Milliseconds until there is room; 0 when there is. Takes nothing. */
  wait(): number {
    const now = this.now();
    while (this.taken[0] !== undefined && this.taken[0] <= now - this.spanMs) this.taken.shift();
    const oldest = this.taken[0];
    return oldest === undefined || this.taken.length < this.max ? 0 : oldest + this.spanMs - now;
  }

  take(): void {
    this.taken.push(this.now());
  }
}
