import { crc32 } from 'node:zlib';
import type { IncidentThread } from '../domain/record.js';
import { OrderedIds } from './ordered-ids.js';
import type { OpenFile } from './open-file.js';

/** Where an incident of the history stands in the file. */
export interface HistoryEntry {
  readonly id: string;
  /** When it ended. */
  readonly endedAt: number;
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

export const checksum = (line: string | Uint8Array): number => crc32(line);

export const endedAt = ({ incident }: IncidentThread): number => incident.resolved?.at ?? incident.openedAt;

/** The index of finished incidents. Their contents stay in the file. */
export class History {
  /** Bytes of the file that hold these incidents. */
  bytes = 0;
  private readonly entries = new Map<string, HistoryEntry>();
  readonly ids = new OrderedIds(this.entries);

  /** @param onIncident told of each incident that comes (1) or goes (-1) */
  constructor(private readonly onIncident: (id: string, change: 1 | -1) => void = () => undefined) {}

  get size(): number {
    return this.entries.size;
  }

  get(id: string): HistoryEntry | undefined {
    return this.entries.get(id);
  }

  has(id: string): boolean {
    return this.entries.has(id);
  }

  all(): MapIterator<HistoryEntry> {
    return this.entries.values();
  }

  /** @returns the entry in whose place it came */
  add(entry: HistoryEntry): HistoryEntry | undefined {
    const old = this.entries.get(entry.id);
    if (old === undefined) {
      this.ids.add(entry.id);
      this.onIncident(entry.id, 1);
    } else this.bytes -= old.length + 1;
    this.entries.set(entry.id, entry);
    this.bytes += entry.length + 1;
    return old;
  }

  remove(entry: HistoryEntry): void {
    if (this.entries.get(entry.id) !== entry) return;
    this.entries.delete(entry.id);
    this.bytes -= entry.length + 1;
    this.onIncident(entry.id, -1);
  }

  /** Takes out what ended before a time. */
  prune(before: number): HistoryEntry[] {
    const gone: HistoryEntry[] = [];
    for (const entry of this.entries.values()) if (entry.endedAt < before) gone.push(entry);
    for (const entry of gone) this.remove(entry);
    return gone;
  }
}
