import type { Workspace } from '../simulator/workspace/workspace.js';

/** A message that Slack took. */
export interface Arrival {
  readonly kind: 'posted' | 'edited';
  readonly ts: string;
  readonly thread: string | undefined;
  /** All of its content. */
  readonly text: string;
}

interface Wait {
  readonly wanted: (arrival: Arrival) => boolean;
  readonly settle: (at: number | null) => void;
}

/** When messages arrive at Slack, by `performance.now()`. */
export class Arrivals {
  private readonly waits = new Set<Wait>();
  /** Times of posts that nobody waited for. */
  private readonly others: number[] = [];

  constructor(workspace: Workspace) {
    workspace.onChange(({ kind, message }) => {
      if ((kind !== 'posted' && kind !== 'edited') || message === undefined) return;
      const at = performance.now();
      const { ts, thread_ts: thread, text, blocks, attachments } = message;
      this.arrived({ kind, ts, thread, text: JSON.stringify({ text, blocks, attachments }) }, at);
    });
  }

  /** When the next such message arrives; null: not within so many milliseconds. */
  next(wanted: Wait['wanted'], withinMs: number): Promise<number | null> {
    return new Promise((resolve) => {
      const wait = {
        wanted,
        settle: (at: number | null) => {
          clearTimeout(timer);
          this.waits.delete(wait);
          resolve(at);
        },
      };
      const timer = setTimeout(() => {
        wait.settle(null);
      }, withinMs);
      this.waits.add(wait);
    });
  }

  /** How many posts that nobody waited for arrived between the two times. */
  unasked(from: number, to: number): number {
    return this.others.filter((at) => at > from && at < to).length;
  }

  private arrived(arrival: Arrival, at: number): void {
    const awaited = [...this.waits].filter(({ wanted }) => wanted(arrival));
    for (const { settle } of awaited) settle(at);
    if (awaited.length === 0 && arrival.kind === 'posted') this.others.push(at);
  }
}
