import { FairClass, type Turn } from './fair-class.js';

/** Every so many-th goes to the one that waits longest, whatever its priority: nothing starves. */
const OLDEST_EVERY = 4;

interface Waiting<T> {
  readonly id: string;
  readonly value: T;
  readonly priority: number;
  readonly flow: string;
  /** Milliseconds of the clock that the caller uses. */
  readonly since: number;
}

interface Place<T> {
  readonly waiting: Waiting<T>;
  /** Among those of its priority. */
  readonly turn: Turn<Waiting<T>>;
}

/**
 * Values by priority, each known by an id. Within one priority flows take turns, so that a flow of thousands does not
 * keep the others waiting. Each operation costs O(number of priorities).
 */
export class ReadyQueue<T> {
  private readonly places = new Map<string, Place<T>>();
  private readonly classes: readonly FairClass<Waiting<T>>[];
  private taken = 0;
  /** How many `nextUrgent` took since `next`. */
  private urgentInARow = 0;

  constructor(priorities: number) {
    this.classes = Array.from({ length: priorities }, () => new FairClass<Waiting<T>>());
  }

  get size(): number {
    return this.places.size;
  }

  /** Whether one of the best priority waits. */
  get hasUrgent(): boolean {
    return this.classes[0]?.isEmpty === false;
  }

  values(): T[] {
    return Array.from(this.places.values(), ({ waiting }) => waiting.value);
  }

  /** Adds a value, or moves it to another priority or flow; its waiting time goes on. */
  put(id: string, value: T, priority: number, now: number, flow = ''): void {
    const before = this.places.get(id);
    if (before?.waiting.priority === priority && before.waiting.flow === flow) return;
    const waiting = { id, value, priority, flow, since: before?.waiting.since ?? now };
    const turn = this.class(priority).add(waiting, flow);
    if (before !== undefined) this.class(before.waiting.priority).remove(before.turn, false);
    this.places.set(id, { waiting, turn });
  }

  remove(id: string): void {
    this.takeOut(id, false);
  }

  /** Takes the next value out. */
  next(): T | undefined {
    this.urgentInARow = 0;
    this.taken += 1;
    return this.serve(this.taken % OLDEST_EVERY === 0);
  }

  /**
   * Takes one out where there is room for urgent ones alone: one of the best priority. As long as nothing else leaves,
   * every so many-th is still the one that waits longest.
   */
  nextUrgent(): T | undefined {
    if (!this.hasUrgent) return undefined;
    this.urgentInARow += 1;
    return this.serve(this.urgentInARow % OLDEST_EVERY === 0);
  }

  /** The one that `nextUrgent` took needed no room after all: it does not count. */
  undoUrgent(): void {
    this.urgentInARow = Math.max(0, this.urgentInARow - 1);
  }

  private serve(theOldest: boolean): T | undefined {
    const next = theOldest ? this.oldest() : this.classes.find(({ isEmpty }) => !isEmpty)?.first;
    return next === undefined ? undefined : this.takeOut(next.id, true);
  }

  /** Among the oldest of each priority; one that changed its priority may be older than those that it is behind. */
  private oldest(): Waiting<T> | undefined {
    let found: Waiting<T> | undefined;
    for (const { oldest } of this.classes) {
      if (oldest !== undefined && (found === undefined || oldest.since < found.since)) found = oldest;
    }
    return found;
  }

  private takeOut(id: string, served: boolean): T | undefined {
    const there = this.places.get(id);
    if (there === undefined) return undefined;
    const { waiting, turn } = there;
    this.places.delete(id);
    this.class(waiting.priority).remove(turn, served);
    return waiting.value;
  }

  private class(priority: number): FairClass<Waiting<T>> {
    const found = this.classes[priority];
    if (found === undefined) throw new Error(`no priority ${String(priority)}`);
    return found;
  }
}
