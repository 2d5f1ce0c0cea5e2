import type { Journal } from './journal.js';
import { LineBuffer } from './line-buffer.js';
import type { OpenFile } from './open-file.js';
import type { StoreUnavailableError } from './thread-store.js';
import { unavailable } from './unavailable.js';

/** A change in memory that runs ahead of the disk. */
export interface Change {
  /** Takes it back in memory when its commit fails. */
  undo(): void;
  /** Told where its line stands once it is durable. */
  placed?(file: OpenFile, offset: number): void;
}

/** Kept for the next batch up to this size, in bytes. */
const SPARE = 4 * 1024 * 1024;
/** A batch of this size is worth its own write: the disk works while the rest of the event loop's turn goes on. */
const FULL = 512 * 1024;

class Batch {
  readonly changes: Change[] = [];
  /** Changes that want to know their place, and where they begin in the batch. */
  readonly placed: { readonly change: Change; readonly at: number }[] = [];
  readonly done: Promise<void>;
  resolve!: () => void;
  reject!: (error: Error) => void;

  constructor(
    readonly number: number,
    readonly lines: LineBuffer,
  ) {
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.done.catch(() => undefined); // a change that nobody waits for
  }
}

/**
 * Group commit: everything that arrives while one commit runs goes out in the next, with one write and one sync.
 * When a commit fails, its changes and those that came after them are taken back, newest first.
 */
export class GroupCommit {
  /** The last commit's failure; undefined once one succeeds. */
  failure: StoreUnavailableError | undefined;
  /** Length of the batch that failed, in bytes. */
  failedLength = 0;
  private next = new Batch(1, new LineBuffer());
  private running: Batch | undefined;
  private committed = 0;
  private spare: LineBuffer | undefined;
  private readonly tasks: (() => Promise<void>)[] = [];
  private scheduled = false;
  /** The turn that is scheduled and has not begun. */
  private pending: NodeJS.Immediate | undefined;
  private readonly whenIdle: (() => void)[] = [];

  /**
   * @param guard throws when nothing may be written any more
   * @param onCommit runs after each commit
   */
  constructor(
    private readonly journal: Journal,
    private readonly guard: () => void,
    private readonly onCommit: (failed: boolean) => void,
  ) {}

  /** Number of the commit that takes the next change. */
  get number(): number {
    return this.next.number;
  }

  /** @returns length of the line in bytes, newline included */
  add(line: string, change: Change): number {
    const batch = this.next;
    const at = batch.lines.length;
    const length = batch.lines.add(line) + 1;
    batch.changes.push(change);
    if (change.placed !== undefined) batch.placed.push({ change, at });
    if (!this.scheduled) this.schedule();
    else if (this.pending !== undefined && batch.lines.length >= FULL) this.startNow(this.pending);
    return length;
  }

  /** Settles with the commit of that number; undefined when it is durable already. */
  wait(number: number): Promise<void> | undefined {
    if (number <= this.committed) return undefined;
    return number === this.next.number ? this.next.done : this.running?.done;
  }

  /** Runs something between two commits. */
  exclusive<T>(task: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.tasks.push(() => task().then(resolve, reject));
      if (!this.scheduled) this.schedule();
    });
  }

  /** Resolves once nothing is on its way. */
  async drained(): Promise<void> {
    if (!this.scheduled) return;
    await new Promise<void>((resolve) => this.whenIdle.push(resolve));
  }

  private schedule(): void {
    this.scheduled = true;
    // not at once: those who waited for the last commit add their next changes first
    this.pending = setImmediate(() => {
      this.pending = undefined;
      void this.turn();
    });
  }

  private startNow(pending: NodeJS.Immediate): void {
    clearImmediate(pending);
    this.pending = undefined;
    void this.turn();
  }

  private async turn(): Promise<void> {
    const task = this.tasks.shift();
    if (task !== undefined) await task();
    else if (this.next.changes.length > 0) await this.commit();
    if (this.tasks.length > 0 || this.next.changes.length > 0) this.schedule();
    else {
      this.scheduled = false;
      for (const idle of this.whenIdle.splice(0)) idle();
    }
  }

  private async commit(): Promise<void> {
    const batch = this.next;
    this.running = batch;
    this.next = new Batch(batch.number + 1, this.spare ?? new LineBuffer());
    this.spare = undefined;
    try {
      this.guard();
      const start = await this.journal.append(batch.lines.content());
      for (const { change, at } of batch.placed) change.placed?.(this.journal.file, start + at);
      this.committed = batch.number;
      this.failure = undefined;
      batch.resolve();
      this.onCommit(false);
    } catch (error) {
      this.fail(batch, error);
      this.onCommit(true);
    } finally {
      this.running = undefined;
      if (batch.lines.capacity <= SPARE) {
        batch.lines.clear();
        this.spare = batch.lines;
      }
    }
  }

  private fail(batch: Batch, cause: unknown): void {
    const queued = this.next;
    this.next = new Batch(queued.number + 1, queued.lines);
    this.failure = unavailable('write thread store', cause);
    this.failedLength = batch.lines.length;
    for (const { changes } of [queued, batch]) for (const change of changes.toReversed()) change.undo();
    this.next.lines.clear();
    batch.reject(this.failure);
    queued.reject(this.failure);
  }
}
