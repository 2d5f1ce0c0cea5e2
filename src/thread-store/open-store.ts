import { dirname } from 'node:path';
import { COMPACT_FILE } from './compaction.js';
import { codeOf, messageOf, type Disk } from './disk.js';
import { FileLock, LOCK_TIMES } from './file-lock.js';
import type { FileThreadStoreOptions } from './file-store-options.js';
import { History, type HistoryEntry } from './history.js';
import { Journal } from './journal.js';
import { load } from './load.js';
import type { OpenParts } from './open-parts.js';
import { NEW_FILE, prepareFile } from './prepare-file.js';
import { ownIdentity } from './process-identity.js';
import { RecordTable } from './record-table.js';
import { RollTable } from './roll-table.js';
import { SeverityCounts } from './severity-counts.js';
import { StoreUnavailableError } from './thread-store.js';

/** Takes the lock, brings the file into shape and reads it. */
export const openStore = async (options: FileThreadStoreOptions, disk: Disk): Promise<OpenParts> => {
  let lock: FileLock | undefined;
  let journal: Journal | undefined;
  try {
    const folder = dirname(options.file);
    await disk.makeFolder(folder);
    const path = await disk.resolve(options.file);
    lock = await FileLock.acquire({
      path: `${path}.lock`,
      own: ownIdentity(options.clock.now()),
      clock: options.clock,
      times: options.lockTimes ?? LOCK_TIMES,
    });
    for (const suffix of [COMPACT_FILE, NEW_FILE]) await disk.remove(path + suffix);
    await prepareFile({ ...options, path, disk });
    journal = await Journal.open({ path, disk, logger: options.logger });
    return { path, disk, lock, journal, ...(await read(options, journal)) };
  } catch (error) {
    await journal?.close();
    lock?.release();
    throw new StoreUnavailableError(
      `open thread store ${options.file}: ${messageOf(error)}`,
      codeOf(error) ?? 'unknown',
      {
        cause: error,
      },
    );
  }
};

const read = async (
  { logger, file, clock }: FileThreadStoreOptions,
  journal: Journal,
): Promise<Pick<OpenParts, 'table' | 'history' | 'rolls' | 'both' | 'damaged'>> => {
  const began = clock.monotonic();
  const { tornAt, damaged, damagedCount, ...memory } = await load(journal.file, emptyMemory);
  const { table, history } = memory;
  if (damagedCount > 0) {
    logger.error({ file, lines: damaged, count: damagedCount }, 'thread store has lines that cannot be read: skipped');
  }
  if (tornAt !== undefined) {
    logger.warn({ file, bytes: journal.end - tornAt }, 'thread store ended in a torn line: cut off');
    await journal.cutAt(tornAt);
  }
  const milliseconds = Math.round(clock.monotonic() - began);
  logger.info({ file, incidents: table.liveIncidents, archived: history.size, milliseconds }, 'thread store loaded');
  return { ...memory, damaged: damagedCount > 0 };
};

const emptyMemory = (): Pick<OpenParts, 'table' | 'history' | 'rolls' | 'both'> => {
  const both = { count: 0, severities: new SeverityCounts() };
  const count = ({ severity }: HistoryEntry, change: 1 | -1): void => {
    both.count += change;
    both.severities.add({ status: 'resolved', severity }, change);
  };
  const table: RecordTable = new RecordTable((id, change) => {
    const entry = history.get(id);
    if (entry !== undefined) count(entry, change);
  });
  const history: History = new History((entry, change) => {
    if (table.hasIncident(entry.id)) count(entry, change);
  });
  return { table, history, rolls: new RollTable(), both };
};
