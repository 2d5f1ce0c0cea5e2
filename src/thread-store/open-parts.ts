import type { Disk } from './disk.js';
import type { FileLock } from './file-lock.js';
import type { History } from './history.js';
import type { Journal } from './journal.js';
import type { RecordTable } from './record-table.js';
import type { RollTable } from './roll-table.js';
import type { SeverityCounts } from './severity-counts.js';

/** What is open while the store is. */
export interface OpenParts {
  readonly path: string;
  readonly disk: Disk;
  readonly lock: FileLock;
  readonly journal: Journal;
  readonly table: RecordTable;
  readonly history: History;
  readonly rolls: RollTable;
  /** Incidents that are both live and in the history; by the severity that they have there. */
  readonly both: { count: number; readonly severities: SeverityCounts };
  /** Lines could not be read: the file is copied before it is rewritten. */
  readonly damaged: boolean;
}
