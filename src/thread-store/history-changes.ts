import type { IncidentThread } from '../domain/record.js';
import type { Change, GroupCommit } from './group-commit.js';
import { checksum, indexed, type History, type HistoryEntry } from './history.js';
import { archivedLine, prunedLine } from './lines.js';

/** Adds an incident to the history. The same one as it is there already writes nothing; a later state of it replaces it. */
export const archive = async (history: History, commits: GroupCommit, thread: IncidentThread): Promise<void> => {
  const line = archivedLine(thread);
  const sum = checksum(line);
  const known = history.get(thread.incident.id);
  if (known?.checksum === sum) return commits.wait(known.batch);
  const entry: HistoryEntry = {
    ...indexed(thread),
    checksum: sum,
    length: Buffer.byteLength(line),
    file: undefined,
    offset: 0,
    thread,
    batch: commits.number,
  };
  const replaced = history.add(entry);
  const gone = replaced === undefined ? [] : [replaced];
  history.leave(gone);
  const change: Change = {
    line: () => line,
    undo: () => {
      history.left(gone);
      history.remove(entry);
      if (replaced !== undefined) history.add(replaced);
    },
    placed: (file, offset) => {
      history.left(gone);
      entry.file = file;
      entry.offset = offset;
      entry.thread = undefined;
    },
  };
  commits.add(change, entry.length);
  await commits.wait(entry.batch);
};

/** Forgets what ended before a time, and the oldest beyond `most`. @returns how many */
export const prune = async (history: History, commits: GroupCommit, before: number, most: number): Promise<number> => {
  const cut = history.cutTo(most);
  const pruned = cut !== undefined && cut.before >= before ? cut : { before };
  const gone = history.prune(pruned);
  if (gone.length === 0) return 0;
  const { number } = commits;
  history.leave(gone);
  const line = prunedLine(pruned);
  const change: Change = {
    line: () => line,
    undo: () => {
      history.left(gone);
      for (const entry of gone) history.add(entry);
    },
    placed: () => {
      history.left(gone);
    },
  };
  commits.add(change, line.length);
  await commits.wait(number);
  return gone.length;
};
