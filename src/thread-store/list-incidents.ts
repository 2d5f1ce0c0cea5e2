import { threadsOf, type IncidentThread } from '../domain/record.js';
import { readPart } from './disk.js';
import type { History, HistoryEntry } from './history.js';
import { readLine } from './lines.js';
import type { RecordTable } from './record-table.js';
import type { IncidentPage, ListFilter } from './thread-store.js';
import { unavailable } from './unavailable.js';

interface Incidents {
  readonly table: RecordTable;
  readonly history: History;
}

/** Reads one from the file; undefined when the file was replaced and holds something else there now. */
export const readArchived = async (entry: HistoryEntry): Promise<IncidentThread | undefined> => {
  if (entry.thread !== undefined || entry.file === undefined) return entry.thread;
  const { file } = entry;
  let bytes: Buffer;
  try {
    bytes = await readPart(file.handle, entry.offset, entry.length);
  } catch (error) {
    if (entry.file !== file) return readArchived(entry); // compacted meanwhile: it stands elsewhere now
    throw unavailable('read thread store', error);
  }
  try {
    const line = readLine(JSON.parse(bytes.toString()));
    return line.kind === 'archived' && line.thread.incident.id === entry.id ? line.thread : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** One page, newest first. What is opened later comes before it, and what is archived meanwhile stays in its place. */
export const listIncidents = async ({ table, history }: Incidents, filter: ListFilter): Promise<IncidentPage> => {
  const { status, limit, cursor } = filter;
  const archived = status === undefined || status === 'resolved';
  const ids = newestFirst(table.ids.newestFirst(cursor), archived ? history.ids.newestFirst(cursor) : undefined);
  const page: (IncidentThread | HistoryEntry)[] = [];
  let last: string | undefined;
  let more = false;
  for (const id of ids) {
    const record = table.findByIncident(id);
    const live = record && threadsOf(record).find(({ incident }) => incident.id === id);
    const found = live ?? history.get(id);
    if (found === undefined || (live !== undefined && status !== undefined && live.incident.status !== status))
      continue;
    if (page.length === limit) {
      more = true;
      break;
    }
    page.push(found);
    last = id;
  }
  const items = await Promise.all(page.map(async (item) => ('incident' in item ? item : readArchived(item))));
  return {
    items: items.filter((item) => item !== undefined),
    ...(more && last !== undefined ? { nextCursor: last } : {}),
  };
};

/** Two descending sequences as one; what is in both comes once. */
function* newestFirst(a: Iterator<string>, b: Iterator<string> | undefined): Generator<string, void, undefined> {
  const next = (from: Iterator<string> | undefined): string | undefined => {
    const step = from?.next();
    return step === undefined || step.done === true ? undefined : step.value;
  };
  let x = next(a);
  let y = next(b);
  while (x !== undefined || y !== undefined) {
    if (y === undefined || (x !== undefined && x >= y)) {
      if (x !== undefined) yield x;
      if (x === y) y = next(b);
      x = next(a);
    } else {
      yield y;
      y = next(b);
    }
  }
}
