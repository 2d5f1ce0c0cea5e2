import { isOpen, isFold, type Incident, type IncidentStatus } from '../domain/incident.js';
import { shownTs, threadsOf, type ThreadRecord } from '../domain/record.js';
import { wantsSilenceCare } from '../domain/silence-rules.js';
import { Backlog, NOTHING_BEHIND, type BacklogOwner } from './backlog.js';
import { DueHeap, type Waiting } from './due-heap.js';
import { LiveCounts } from './live-counts.js';
import { OrderedIds } from './ordered-ids.js';
import type { RollRows } from '../domain/staged-rolls.js';
import type { TakenRows } from './roll-table.js';
import { SeverityCounts } from './severity-counts.js';

/** Where a record lives in memory. Without one it waits for its removal to become durable. */
export interface Slot extends Waiting, BacklogOwner {
  record: ThreadRecord | undefined;
  /** Length of its newest line in the file, newline included; that of an earlier one until its commit begins. */
  bytes: number;
  /** The commit that its newest state is part of. */
  batch: number;
  /** Its changes that wait for their commit to begin, and the record before them. */
  write:
    | {
        readonly before: ThreadRecord | undefined;
        /** The rows that they set, as they were. */ readonly rowsBefore: RollRows;
        readonly add: (rows: RollRows, taken: TakenRows) => void;
      }
    | undefined;
}

/** All live records and what leads to them. An update costs as much as its record is big, whatever else is stored. */
export class RecordTable {
  /** Bytes of the file that hold these records' newest lines. */
  bytes = 0;
  /** Records with a thread ts. */
  threads = 0;
  readonly incidents: Record<IncidentStatus, number> = { firing: 0, acknowledged: 0, resolved: 0 };
  readonly severities = new SeverityCounts();
  readonly backlog = new Backlog();
  readonly live = new LiveCounts();
  readonly due = new DueHeap<Slot>();
  private readonly channels = new Map<string, Map<string, Slot>>();
  private readonly byIncident = new Map<string, Slot>();
  readonly ids = new OrderedIds(this.byIncident);
  private readonly byMessage = new Map<string, Map<string, Slot>>();
  private readonly byFingerprint = new Map<string, Slot | Set<Slot>>();
  private readonly silencedSlots = new Set<Slot>();
  private readonly foldSlots = new Set<Slot>();

  /** @param onIncident told of each incident that comes (1) or goes (-1) */
  constructor(private readonly onIncident: (id: string, change: 1 | -1) => void = () => undefined) {}

  get liveIncidents(): number {
    return this.byIncident.size;
  }

  find(key: string, channel: string): Slot | undefined {
    return this.channels.get(channel)?.get(key);
  }

  /** An empty slot for a record that is not there yet. */
  add(key: string, channel: string): Slot {
    const slot: Slot = {
      record: undefined,
      bytes: 0,
      batch: 0,
      write: undefined,
      due: 0,
      turn: 0,
      place: -1,
      behind: NOTHING_BEHIND,
    };
    let keys = this.channels.get(channel);
    if (keys === undefined) this.channels.set(channel, (keys = new Map<string, Slot>()));
    keys.set(key, slot);
    return slot;
  }

  /** Forgets the slot of a record that is gone. */
  drop(key: string, channel: string): void {
    const keys = this.channels.get(channel);
    if (keys?.get(key)?.record === undefined) keys?.delete(key);
  }

  /** The record's newest line turned out so long. */
  resize(slot: Slot, bytes: number): void {
    this.bytes += bytes - slot.bytes;
    slot.bytes = bytes;
  }

  set(slot: Slot, record: ThreadRecord | undefined, bytes: number): void {
    const old = slot.record;
    this.resize(slot, bytes);
    slot.record = record;
    this.due.set(slot, record?.due ?? null);
    if (old?.current !== record?.current || old?.earlier !== record?.earlier) this.backlog.set(slot, record);
    if (old !== undefined && record !== undefined && sameIncidents(old, record)) {
      if (old.current === record.current && old.adopt === record.adopt) return;
      this.messages(slot, old, false);
      this.messages(slot, record, true);
      return;
    }
    if (old !== undefined) {
      this.messages(slot, old, false);
      this.contentsGone(slot, old, record);
    }
    if (record !== undefined) {
      this.messages(slot, record, true);
      this.contents(slot, record);
    }
  }

  findByIncident(id: string): ThreadRecord | undefined {
    return this.byIncident.get(id)?.record;
  }

  hasIncident(id: string): boolean {
    return this.byIncident.has(id);
  }

  findByMessage(channel: string, ts: string): ThreadRecord | undefined {
    return this.byMessage.get(channel)?.get(ts)?.record;
  }

  findByFingerprint(fingerprint: string): ThreadRecord[] {
    const found = this.byFingerprint.get(fingerprint);
    if (found === undefined) return [];
    return (found instanceof Set ? [...found] : [found]).flatMap((slot) => slot.record ?? []);
  }

  silenced(): ThreadRecord[] {
    return [...this.silencedSlots].flatMap((slot) => slot.record ?? []);
  }

  folds(): ThreadRecord[] {
    return [...this.foldSlots].flatMap((slot) => slot.record ?? []);
  }

  *records(): Generator<ThreadRecord, void, undefined> {
    for (const slot of this.slots()) if (slot.record !== undefined) yield slot.record;
  }

  *slots(): Generator<Slot, void, undefined> {
    for (const keys of this.channels.values()) yield* keys.values();
  }

  /** Root messages and the number of threads that have one. */
  private messages(slot: Slot, record: ThreadRecord, there: boolean): void {
    if (shownTs(record) !== null) this.threads += there ? 1 : -1;
    if (record.adopt !== undefined) this.message(slot, record.channel, record.adopt, there);
    for (const { channel, delivery } of threadsOf(record)) {
      if (delivery.rootTs !== null) this.message(slot, channel, delivery.rootTs, there);
    }
  }

  private message(slot: Slot, channel: string, ts: string, there: boolean): void {
    let roots = this.byMessage.get(channel);
    if (roots === undefined) this.byMessage.set(channel, (roots = new Map<string, Slot>()));
    if (there) roots.set(ts, slot);
    else if (roots.get(ts) === slot) roots.delete(ts);
  }

  /** Incidents, their status and the alerts that fire in them. */
  private contents(slot: Slot, record: ThreadRecord): void {
    if (wantsSilenceCare(record)) this.silencedSlots.add(slot);
    if (record.current !== null && isFold(record.current.incident)) this.foldSlots.add(slot);
    for (const { incident } of threadsOf(record)) {
      this.incidents[incident.status] += 1;
      this.severities.add(incident, 1);
      this.live.add(record.channel, incident, 1);
      const known = this.byIncident.has(incident.id);
      this.byIncident.set(incident.id, slot);
      if (!known) {
        this.ids.add(incident.id);
        this.onIncident(incident.id, 1);
      }
      this.firing(slot, incident, true);
    }
  }

  private contentsGone(slot: Slot, old: ThreadRecord, next: ThreadRecord | undefined): void {
    this.silencedSlots.delete(slot);
    this.foldSlots.delete(slot);
    const stay = next === undefined ? [] : threadsOf(next);
    for (const { incident } of threadsOf(old)) {
      this.incidents[incident.status] -= 1;
      this.severities.add(incident, -1);
      this.live.add(old.channel, incident, -1);
      this.firing(slot, incident, false);
      if (this.byIncident.get(incident.id) !== slot || stay.some((thread) => thread.incident.id === incident.id))
        continue;
      this.byIncident.delete(incident.id);
      this.onIncident(incident.id, -1);
    }
  }

  private firing(slot: Slot, incident: Incident, there: boolean): void {
    if (!isOpen(incident)) return;
    for (const { fingerprint, status } of incident.alerts) {
      if (status === 'firing') this.fires(slot, fingerprint, there);
    }
  }

  private fires(slot: Slot, fingerprint: string, there: boolean): void {
    const known = this.byFingerprint.get(fingerprint);
    if (known instanceof Set) {
      if (there) known.add(slot);
      else known.delete(slot);
      if (known.size === 0) this.byFingerprint.delete(fingerprint);
    } else if (there) {
      this.byFingerprint.set(fingerprint, known === undefined || known === slot ? slot : new Set([known, slot]));
    } else if (known === slot) this.byFingerprint.delete(fingerprint);
  }
}

const sameIncidents = (a: ThreadRecord, b: ThreadRecord): boolean =>
  a.current?.incident === b.current?.incident && a.earlier === b.earlier;
