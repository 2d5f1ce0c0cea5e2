/**
 * Allows `rate` calls a second on average and `burst` at once; can be closed for a time. Some of the burst can be kept
 * for urgent calls, which costs the others no part of the rate. Times in milliseconds.
 */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;
  private closedUntil = -Infinity;

  constructor(
    private readonly rate: number,
    private readonly burst: number,
    now: number,
    /** Tokens that are left for urgent calls; default none. */
    private readonly kept = 0,
  ) {
    this.tokens = burst;
    this.filledAt = now;
  }

  /** How long until a token is there; 0 when one is. An urgent call may have one of those that are kept. */
  delay(now: number, urgent = false): number {
    this.fill(now);
    const closed = Math.max(0, this.closedUntil - now);
    const wanted = urgent ? 1 : 1 + this.kept;
    const missing = this.tokens >= wanted ? 0 : ((wanted - this.tokens) / this.rate) * 1_000;
    return Math.max(closed, missing);
  }

  take(now: number): void {
    this.fill(now);
    this.tokens -= 1;
  }

  /** Gives a token back that was not used. */
  refund(): void {
    this.tokens = Math.min(this.burst, this.tokens + 1);
  }

  /** Slack said so: nothing for this long, and then one call beside those that are kept. */
  close(ms: number, now: number): void {
    this.fill(now);
    this.closedUntil = Math.max(this.closedUntil, now + ms);
    this.tokens = Math.min(this.tokens, 1 + this.kept);
  }

  private fill(now: number): void {
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.filledAt) / 1_000) * this.rate);
    this.filledAt = now;
  }
}
