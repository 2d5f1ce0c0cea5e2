/** Every so many-th goes to the one that waits longest, whatever its priority: nothing starves. */
const OLDEST_EVERY = 4;

interface Waiting<T> {
  readonly value: T;
  readonly priority: number;
  /** Milliseconds of the clock that the caller uses. */
  readonly since: number;
}

/** Values by priority, first come first served within one, each known by an id. Each operation costs O(number of priorities). */
export class ReadyQueue<T> {
  private readonly waiting = new Map<string, Waiting<T>>();
  private readonly classes: Map<string, number>[];
  private taken = 0;
  /** How many `nextUrgent` took since `next`. */
  private urgentInARow = 0;

  constructor(priorities: number) {
    this.classes = Array.from({ length: priorities }, () => new Map<string, number>());
  }

  get size(): number {
    return this.waiting.size;
  }

  /** Whether one of the best priority waits. */
  get hasUrgent(): boolean {
    return (this.classes[0]?.size ?? 0) > 0;
  }

  values(): T[] {
    return Array.from(this.waiting.values(), ({ value }) => value);
  }

  /** Adds a value, or moves it to another priority; its waiting time goes on. */
  put(id: string, value: T, priority: number, now: number): void {
    const before = this.waiting.get(id);
    if (before?.priority === priority) return;
    if (before !== undefined) this.classes[before.priority]?.delete(id);
    const since = before?.since ?? now;
    this.waiting.set(id, { value, priority, since });
    this.classes[priority]?.set(id, since);
  }

  remove(id: string): void {
    const before = this.waiting.get(id);
    if (before === undefined) return;
    this.waiting.delete(id);
    this.classes[before.priority]?.delete(id);
  }

  /** Takes the next value out. */
  next(): T | undefined {
    this.urgentInARow = 0;
    this.taken += 1;
    return this.takeOut(this.taken % OLDEST_EVERY === 0);
  }

  /**
   * Takes one out where there is room for urgent ones alone: one of the best priority. As long as nothing else leaves,
   * every so many-th is still the one that waits longest.
   */
  nextUrgent(): T | undefined {
    if (!this.hasUrgent) return undefined;
    this.urgentInARow += 1;
    return this.takeOut(this.urgentInARow % OLDEST_EVERY === 0);
  }

  /** The one that `nextUrgent` took needed no room after all: it does not count. */
  undoUrgent(): void {
    this.urgentInARow = Math.max(0, this.urgentInARow - 1);
  }

  private takeOut(theOldest: boolean): T | undefined {
    const id = theOldest ? this.oldest() : this.first();
    if (id === undefined) return undefined;
    const value = this.waiting.get(id)?.value;
    this.remove(id);
    return value;
  }

  private first(): string | undefined {
    for (const ids of this.classes) {
      const [id] = ids.keys();
      if (id !== undefined) return id;
    }
    return undefined;
  }

  /** Among the heads of the classes; one that changed its priority may be older than the head it stands behind. */
  private oldest(): string | undefined {
    let oldest: { id: string; since: number } | undefined;
    for (const ids of this.classes) {
      const [head] = ids;
      if (head !== undefined && (oldest === undefined || head[1] < oldest.since)) {
        oldest = { id: head[0], since: head[1] };
      }
    }
    return oldest?.id;
  }
}
