import type { Clock } from '../clock/clock.js';
import type { GroupCommit } from './group-commit.js';
import type { Journal } from './journal.js';
import { unavailable } from './unavailable.js';

/** A disk that failed is tried again at most this often, in milliseconds. */
const EVERY = 1000;
/** A test write is as long as the one that failed, and longer than a page: a full disk may still have room in the last. */
const LENGTH = { least: 4096, most: 1024 * 1024 };

/** Finds out whether a disk that failed takes writes again, so that health recovers without traffic. */
export class WriteProbe {
  private running: Promise<void> | undefined;
  private last = -Infinity;

  constructor(
    private readonly commits: GroupCommit,
    private readonly journal: Journal,
    private readonly guard: () => void,
    private readonly clock: Clock,
  ) {}

  /** @throws {StoreUnavailableError} the last write failed, and so does another one */
  async check(): Promise<void> {
    if (this.commits.failure === undefined) return;
    const now = this.clock.monotonic();
    if (this.running === undefined && now - this.last >= EVERY) {
      this.last = now;
      this.running = this.write().finally(() => {
        this.running = undefined;
      });
    }
    await this.running;
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the write may have cleared it
    if (this.commits.failure !== undefined) throw this.commits.failure;
  }

  private async write(): Promise<void> {
    const length = Math.min(Math.max(this.commits.failedLength, LENGTH.least), LENGTH.most);
    try {
      await this.commits.exclusive(async () => {
        this.guard();
        await this.journal.probe(length);
        this.commits.failure = undefined;
      });
    } catch (error) {
      this.commits.failure = unavailable('write thread store', error);
    }
  }
}
