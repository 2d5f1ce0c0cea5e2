import { Clock } from '../../src/clock/clock.js';

/** A clock that moves only when told. Timers fire in order, each with the microtasks and I/O that it starts. */
export class ManualClock extends Clock {
  private time: number;
  private timers: { at: number; callback: () => void }[] = [];
  /** What falls due at the same moment starts at the same moment, as in several processes. */
  together = false;

  constructor(start = Date.parse('2024-01-15T14:30:25Z')) {
    super();
    this.time = start;
  }

  override now(): number {
    return this.time;
  }

  override monotonic(): number {
    return this.time;
  }

  override after(ms: number, callback: () => void): () => void {
    const timer = { at: this.time + ms, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  }

  /** Moves on, firing what falls due. `settle` is awaited before each timer and at the end. */
  async advance(ms: number, settle: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settle();
      const [next] = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      const due = this.together ? this.timers.filter(({ at }) => at === next.at) : [next];
      this.timers = this.timers.filter((timer) => !due.includes(timer));
      this.time = Math.max(this.time, next.at);
      for (const { callback } of due) callback();
    }
    this.time = end;
    await settle();
  }

  /** Moves the time without firing anything, as a stopped process would see it. */
  jump(ms: number): void {
    this.time += ms;
  }
}
