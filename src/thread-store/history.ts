import { crc32 } from 'node:zlib';
import { severityClass, type SeverityClass } from '../domain/alert.js';
import type { IncidentThread } from '../domain/record.js';
import { OrderedIds } from './ordered-ids.js';
import type { OpenFile } from './open-file.js';
import { SeverityCounts } from './severity-counts.js';

/** Where an incident of the history stands in the file. */
export interface HistoryEntry {
  readonly id: string;
  /** When it ended. */
  readonly endedAt: number;
  readonly severity: SeverityClass;
  /** Tells whether the same incident comes again as it was. */
  readonly checksum: number;
  /** Length of its line in bytes, without the newline. */
  length: number;
  file: OpenFile | undefined;
  offset: number;
  /** Kept until it has its place in the file. */
  thread: IncidentThread | undefined;
  /** The commit that it is part of. */
  batch: number;
}

/** What is older is forgotten. */
export interface Cut {
  /** What ended before this time. */
  readonly before: number;
  /** And what ended at that time, up to this id. */
  readonly through?: string;
}

export const checksum = (line: string | Uint8Array): number => crc32(line);

export const endedAt = ({ incident }: IncidentThread): number => incident.resolved?.at ?? incident.openedAt;

/** What the index keeps of an incident itself. */
export const indexed = (thread: IncidentThread): Pick<HistoryEntry, 'id' | 'endedAt' | 'severity'> => ({
  id: thread.incident.id,
  endedAt: endedAt(thread),
  severity: severityClass(thread.incident.severity),
});

/** The index of finished incidents. Their contents stay in the file. */
export class History {
  /** Bytes of the file that hold these incidents. */
  bytes = 0;
  /** All of them as resolved. */
  readonly severities = new SeverityCounts();
  private readonly entries = new Map<string, HistoryEntry>();
  /** Taken out by changes that are not durable yet: they are still in the file, and may come back. */
  private readonly leaving = new Set<HistoryEntry>();
  readonly ids = new OrderedIds(this.entries);

  /** @param onEntry told of each entry that comes (1) or goes (-1) */
  constructor(private readonly onEntry: (entry: HistoryEntry, change: 1 | -1) => void = () => undefined) {}

  get size(): number {
    return this.entries.size;
  }

  get(id: string): HistoryEntry | undefined {
    return this.entries.get(id);
  }

  /** All that the file holds. */
  *durable(): Generator<HistoryEntry, void, undefined> {
    for (const entries of [this.entries.values(), this.leaving]) {
      for (const entry of entries) if (entry.file !== undefined) yield entry;
    }
  }

  /** @returns the entry in whose place it came */
  add(entry: HistoryEntry): HistoryEntry | undefined {
    const old = this.entries.get(entry.id);
    if (old === undefined) this.ids.add(entry.id);
    else this.count(old, -1);
    this.entries.set(entry.id, entry);
    this.count(entry, 1);
    return old;
  }

  /** These were taken out, or replaced, by a change that is not durable yet. */
  leave(entries: readonly HistoryEntry[]): void {
    for (const entry of entries) this.leaving.add(entry);
  }

  /** That change is durable, or was taken back. */
  left(entries: readonly HistoryEntry[]): void {
    for (const entry of entries) this.leaving.delete(entry);
  }

  remove(entry: HistoryEntry): void {
    if (this.entries.get(entry.id) !== entry) return;
    this.entries.delete(entry.id);
    this.count(entry, -1);
  }

  /** Takes out what ended before a time. */
  prune({ before, through = '' }: Cut): HistoryEntry[] {
    const gone: HistoryEntry[] = [];
    for (const entry of this.entries.values()) {
      if (entry.endedAt < before || (entry.endedAt === before && entry.id <= through)) gone.push(entry);
    }
    for (const entry of gone) this.remove(entry);
    return gone;
  }

  /** Where to cut so that `most` incidents are left; undefined where there are not more. */
  cutTo(most: number): Cut | undefined {
    const excess = this.size - most;
    if (excess <= 0) return undefined;
    const ends = Float64Array.from(this.entries.values(), (entry) => entry.endedAt).sort();
    const before = ends[excess - 1] ?? 0;
    const then: string[] = [];
    for (const { id, endedAt } of this.entries.values()) if (endedAt === before) then.push(id);
    const through = then.sort()[excess - 1 - ends.indexOf(before)];
    return through === undefined ? { before } : { before, through };
  }

  private count(entry: HistoryEntry, change: 1 | -1): void {
    this.bytes += change * (entry.length + 1);
    this.severities.add({ status: 'resolved', severity: entry.severity }, change);
    this.onEntry(entry, change);
  }
}
