import type { Clock } from '../clock/clock.js';
import { compact, CompactionAbandoned, type CompactionJob } from './compaction.js';
import { codeOf } from './disk.js';
import type { StoreLogger } from './store-logger.js';
import { WriteHold } from './write-hold.js';

export interface CompactorOptions extends Omit<CompactionJob, 'abandoned'> {
  readonly clock: Clock;
  readonly logger: StoreLogger;
  /** Smallest file that is compacted, in bytes. */
  readonly from: number;
  /** The file may be this much longer than `MOST_TIMES` of what counts, in bytes. */
  readonly slack: number;
  /** Lines could not be read at the start: the file is copied beside before it is rewritten. */
  readonly damaged: boolean;
}

/** After one that failed, in milliseconds. */
const RETRY_AFTER = 60_000;

/** The file is at most this many times as long as what counts in it, plus a slack: then writers wait. */
const MOST_TIMES = 3;

/**
 * Decides when the file is rewritten: when more than half of it no longer counts. Commits go on meanwhile, until the
 * file is too long: then writers wait for the end of the compaction. Where none is possible now, the file grows on: too
 * long a file is better than a refused alert.
 */
export class Compactor {
  private running: Promise<void> | undefined;
  private abandoned = false;
  private stopped = false;
  private notBefore = -Infinity;
  private copied = false;
  private readonly hold: WriteHold;
  /** The file is too long and can't be compacted now: the log said so. */
  private overlong = false;

  constructor(private readonly options: CompactorOptions) {
    this.hold = new WriteHold(options);
  }

  /** Looks at the file after each commit. */
  startIfWorthIt(): void {
    const { journal, table, history, rolls, clock, from, slack } = this.options;
    const { end } = journal;
    const counts = table.bytes + history.bytes + rolls.bytes;
    const most = MOST_TIMES * counts + slack;
    if (end <= most) this.overlong = false;
    if (this.stopped || end < from || end <= 2 * counts) return;
    if (this.running === undefined && !journal.changed && clock.monotonic() >= this.notBefore) this.start();
    if (end <= most) return;
    if (this.running !== undefined) this.hold.begin({ bytes: end, most });
    else this.tellOverlong({ bytes: end, most });
  }

  private start(): void {
    this.abandoned = false;
    this.running = this.run().finally(() => {
      this.running = undefined;
      this.hold.end();
    });
  }

  private tellOverlong(why: object): void {
    const { logger, path: file } = this.options;
    if (!this.overlong) logger.warn({ file, ...why }, 'thread store file is too long, and can not be compacted now');
    this.overlong = true;
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
