import type { Clock } from '../clock/clock.js';
import { compact, CompactionAbandoned, type CompactionJob } from './compaction.js';
import { codeOf } from './disk.js';
import type { StoreLogger } from './store-logger.js';

export interface CompactorOptions extends Omit<CompactionJob, 'abandoned'> {
  readonly clock: Clock;
  readonly logger: StoreLogger;
  /** Smallest file that is compacted, in bytes. */
  readonly from: number;
  /** Lines could not be read at the start: the file is copied beside before it is rewritten. */
  readonly damaged: boolean;
}

/** After one that failed, in milliseconds. */
const RETRY_AFTER = 60_000;

/** Decides when the file is rewritten: when more than half of it no longer counts. */
export class Compactor {
  private running: Promise<void> | undefined;
  private abandoned = false;
  private stopped = false;
  private notBefore = -Infinity;
  private copied = false;

  constructor(private readonly options: CompactorOptions) {}

  startIfWorthIt(): void {
    const { journal, table, history, rolls, clock, from } = this.options;
    if (journal.end < from || journal.end <= 2 * (table.bytes + history.bytes + rolls.bytes)) return;
    if (this.running !== undefined || this.stopped || journal.changed || clock.monotonic() < this.notBefore) return;
    this.abandoned = false;
    this.running = this.run().finally(() => {
      this.running = undefined;
    });
  }

  /** A commit failed: memory may have held what is taken back now. */
  abandon(): void {
    this.abandoned = true;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  /** Settles when the one that runs has ended. */
  async settled(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    const { journal, logger, clock, path } = this.options;
    const before = journal.end;
    try {
      await this.keepDamaged();
      await compact({ ...this.options, abandoned: () => this.abandoned || this.stopped });
      logger.info({ file: path, before, after: journal.end }, 'thread store compacted');
    } catch (error) {
      this.notBefore = clock.monotonic() + RETRY_AFTER;
      if (this.stopped && error instanceof CompactionAbandoned) return;
      logger.warn({ file: path, code: codeOf(error), err: error }, 'thread store not compacted, will be tried again');
    }
  }

  private async keepDamaged(): Promise<void> {
    const { damaged, disk, path, clock, logger } = this.options;
    if (!damaged || this.copied) return;
    const copy = `${path}.damaged-${new Date(clock.now()).toISOString().replace(/[:.]/g, '-')}`;
    await disk.copy(path, copy);
    this.copied = true;
    logger.warn({ file: path, copy }, 'thread store had damaged lines: kept a copy before it is rewritten');
  }
}
