import type { Clock } from '../clock/clock.js';
import type { GroupCommit } from './group-commit.js';
import type { StoreLogger } from './store-logger.js';

export interface WriteHoldOptions {
  readonly path: string;
  readonly commits: GroupCommit;
  readonly clock: Clock;
  readonly logger: StoreLogger;
}

/** Writers who wait longer than this are told of in the log. Milliseconds. */
const TELL_AFTER = 1_000;

/** Back-pressure: lets writers wait, refuses none, and says so in the log when it takes long. */
export class WriteHold {
  /** Ends the wait for the log line; present while writers are held. */
  private cancel: (() => void) | undefined;
  private since = 0;
  private told = false;

  constructor(private readonly options: WriteHoldOptions) {}

  /** @param why goes into the log line */
  begin(why: object): void {
    if (this.cancel !== undefined) return;
    const { commits, clock } = this.options;
    commits.hold();
    this.since = clock.monotonic();
    this.told = false;
    this.tellLater(why);
  }

  end(): void {
    if (this.cancel === undefined) return;
    this.cancel();
    this.cancel = undefined;
    const { path: file, commits, clock, logger } = this.options;
    const milliseconds = Math.round(clock.monotonic() - this.since);
    if (this.told) logger.info({ file, milliseconds }, 'thread store writes again');
    commits.release();
  }

  private tellLater(why: object): void {
    const { path: file, commits, clock, logger } = this.options;
    this.cancel = clock.after(TELL_AFTER, () => {
      this.told = commits.waiting;
      if (!this.told) this.tellLater(why);
      else logger.warn({ file, ...why }, 'thread store file is too long: writers wait until it is compacted');
    });
  }
}
