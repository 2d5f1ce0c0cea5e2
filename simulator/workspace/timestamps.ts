/** Slack's message ids: seconds with six decimals, unique in a channel and growing. */
export class Timestamps {
  private last = 0;

  constructor(private readonly now: () => number) {}

  next(): string {
    // Microseconds fit a double until the year 2255.
    this.last = Math.max(Math.floor(this.now() * 1000), this.last + 1);
    return formatTs(this.last);
  }
}

const SHAPE = /^(\d{1,10})\.(\d{1,6})$/;

function formatTs(micros: number): string {
  const digits = String(micros).padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/** Microseconds since 1970, or undefined when it is no ts. Bounds of a range may leave the decimals out. */
export function parseTs(ts: string): number | undefined {
  if (/^\d{1,10}$/.test(ts)) return Number(ts) * 1_000_000;
  const match = SHAPE.exec(ts);
  if (!match) return undefined;
  return Number(match[1]) * 1_000_000 + Number((match[2] ?? '').padEnd(6, '0'));
}

/** Milliseconds since 1970 of a ts that is known to be well formed. */
export function tsMillis(ts: string): number {
  return (parseTs(ts) ?? 0) / 1000;
}
