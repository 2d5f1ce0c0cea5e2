import type { Clock } from '../clock/clock.js';
import type { Disk } from './disk.js';
import type { LockTimes } from './file-lock.js';
import type { StoreLogger } from './store-logger.js';
import type { StoreUnavailableError } from './thread-store.js';

export interface FileThreadStoreOptions {
  /** Path of the file (THREAD_STORE_FILE). Its folder is made where it is missing. */
  readonly file: string;
  /** Where threads of the earlier version are (SLACK_CHANNEL). */
  readonly defaultChannel: string;
  readonly clock: Clock;
  readonly logger: StoreLogger;
  /** Called once when another process took the file over: nothing can be written any more, so the process should end. */
  readonly onFatal?: (error: StoreUnavailableError) => void;
  readonly disk?: Disk;
  /** Times of the lock file; the default is a heartbeat of 2 s, watched for 5 s. */
  readonly lockTimes?: LockTimes;
  /** A file smaller than this is never compacted, in bytes; the default is 1 MB. */
  readonly compactFrom?: number;
  /**
   * Writers wait for the compaction of a file that is longer than three times what counts in it plus this many bytes;
   * the default is 64 MB.
   */
  readonly compactSlack?: number;
}
