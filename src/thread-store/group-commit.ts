import type { Journal } from './journal.js';
import { LineBuffer } from './line-buffer.js';
import type { OpenFile } from './open-file.js';
import type { StoreUnavailableError } from './thread-store.js';
import { unavailable } from './unavailable.js';

/** A change in memory that runs ahead of the disk. */
export interface Change {
  /** The line that makes it durable. Asked for once, when its commit begins. */
  line(): string;
  /** Told how long the line is, in bytes, newline included. */
  measured?(length: number): void;
  /** Takes it back in memory when its commit fails. */
  undo(): void;
  /** Told where its line stands once it is durable. */
  placed?(file: OpenFile, offset: number): void;
}

/** The buffer is kept for the next batch up to this size, in bytes. */
const SPARE = 4 * 1024 * 1024;
/** A batch of this size is worth its own write: the disk works while the rest of the event loop's turn goes on. */
const FULL = 512 * 1024;

class Batch {
  readonly changes: Change[] = [];
  /** About how long its lines are, in bytes. */
  size = 0;
  readonly done: Promise<void>;
  resolve!: () => void;
  reject!: (error: Error) => void;

  constructor(readonly number: number) {
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
  private next = new Batch(1);
  private running: Batch | undefined;
  private committed = 0;
  /** Lines of the batch that runs. */
  private lines = new LineBuffer();
  /** Commits wait; what runs between them does not. */
  private held = false;
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

  /** Whether changes wait for their commit to begin. */
  get waiting(): boolean {
    return this.next.changes.length > 0;
  }

  /**
   * The change is made in memory already: its commit may begin at once.
   * @param size about how long its line is, in bytes
   */
  add(change: Change, size: number): void {
    const batch = this.next;
    batch.changes.push(change);
    batch.size += size;
    if (this.held) return;
    if (!this.scheduled) this.schedule();
    else if (this.pending !== undefined && batch.size >= FULL) this.startNow(this.pending);
  }

  /** Lets no commit begin until `release`: changes wait in memory, and {@link exclusive} goes on. */
  hold(): void {
    this.held = true;
  }

  release(): void {
    this.held = false;
    if (this.waiting && !this.scheduled) this.schedule();
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
    if (!this.scheduled && !this.waiting) return;
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
    else if (this.mayCommit()) await this.commit();
    if (this.tasks.length > 0 || this.mayCommit()) this.schedule();
    else {
      this.scheduled = false;
      if (!this.waiting) for (const idle of this.whenIdle.splice(0)) idle();
    }
  }

  private mayCommit(): boolean {
    return this.waiting && !this.held;
  }

  private async commit(): Promise<void> {
    const batch = this.next;
    this.running = batch;
    this.next = new Batch(batch.number + 1);
    try {
      this.guard();
      const places = this.write(batch);
      const start = await this.journal.append(this.lines.content());
      for (const [i, change] of batch.changes.entries()) change.placed?.(this.journal.file, start + (places[i] ?? 0));
      this.committed = batch.number;
      this.failure = undefined;
      batch.resolve();
      this.onCommit(false);
    } catch (error) {
      this.fail(batch, error);
      this.onCommit(true);
    } finally {
      this.running = undefined;
      if (this.lines.capacity <= SPARE) this.lines.clear();
      else this.lines = new LineBuffer();
    }
  }

  /** @returns where each change's line begins in the batch */
  private write({ changes }: Batch): number[] {
    return changes.map((change) => {
      const at = this.lines.length;
      const length = this.lines.add(change.line()) + 1;
      change.measured?.(length);
      return at;
    });
  }

  private fail(batch: Batch, cause: unknown): void {
    const queued = this.next;
    this.next = new Batch(queued.number + 1);
    this.failure = unavailable('write thread store', cause);
    this.failedLength = this.lines.length;
    for (const { changes } of [queued, batch]) for (const change of changes.toReversed()) change.undo();
    batch.reject(this.failure);
    queued.reject(this.failure);
  }
}
