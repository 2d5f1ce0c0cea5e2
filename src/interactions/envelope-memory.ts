import type { Clock } from '../clock/clock.js';
import type { EnvelopeAnswer } from '../slack/slack-socket.js';

/** Slack repeats an event after 1 min and after 5 min. Milliseconds. */
const REMEMBER_MS = 10 * 60_000;

interface Handled {
  readonly ids: readonly string[];
  readonly at: number;
  readonly answer: Promise<EnvelopeAnswer>;
}

/**
 * What was handled in the last 10 minutes: a repeat gets the same answer, and nothing is done again. Repeats over a
 * restart are known by the record that they changed.
 */
export class EnvelopeMemory {
  private readonly known = new Map<string, Handled>();
  /** Oldest first. */
  private readonly order: Handled[] = [];

  constructor(private readonly clock: Clock) {}

  once(ids: readonly string[], handle: () => Promise<EnvelopeAnswer>): Promise<EnvelopeAnswer> {
    this.forget();
    for (const id of ids) {
      const before = this.known.get(id);
      if (before !== undefined) return before.answer;
    }
    const handled = { ids, at: this.clock.monotonic(), answer: handle() };
    for (const id of ids) this.known.set(id, handled);
    this.order.push(handled);
    return handled.answer;
  }

  private forget(): void {
    const before = this.clock.monotonic() - REMEMBER_MS;
    const kept = this.order.findIndex(({ at }) => at >= before);
    for (const { ids } of this.order.splice(0, kept < 0 ? this.order.length : kept)) {
      for (const id of ids) this.known.delete(id);
    }
  }
}
