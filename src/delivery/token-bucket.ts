/** Allows `rate` calls a second on average and `burst` at once; can be closed for a time. Times in milliseconds. */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;
  private closedUntil = -Infinity;

  constructor(
    private readonly rate: number,
    private readonly burst: number,
    now: number,
  ) {
    this.tokens = burst;
    this.filledAt = now;
  }

  /** How long until a token is there; 0 when one is. */
  delay(now: number): number {
    this.fill(now);
    const closed = Math.max(0, this.closedUntil - now);
    const missing = this.tokens >= 1 ? 0 : ((1 - this.tokens) / this.rate) * 1_000;
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

  /** Slack said so: empty, and nothing for this long. */
  close(ms: number, now: number): void {
    this.fill(now);
    this.closedUntil = Math.max(this.closedUntil, now + ms);
    this.tokens = Math.min(this.tokens, 1);
  }

  private fill(now: number): void {
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.filledAt) / 1_000) * this.rate);
    this.filledAt = now;
  }
}
