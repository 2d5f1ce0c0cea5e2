import type { IncidentThread, ThreadRecord } from '../domain/record.js';
import type { StoreObserver, StoreOperation } from './store-observer.js';
import {
  ThreadStore,
  type CachedThread,
  type IncidentPage,
  type ListFilter,
  type LiveIncidents,
  type RecordChange,
  type RecordUpdate,
  type StoreCounts,
  type StoreOverview,
  type UnreadableRecords,
} from './thread-store.js';

export type ClosableStore = ThreadStore & { close(): Promise<void> };

/** A store, of which an observer is told. What a store reads from its memory costs less than to measure it, and is not measured. */
export class ObservedThreadStore extends ThreadStore {
  /** @param readsMemory `store` holds all live records in memory */
  constructor(
    private readonly store: ClosableStore,
    private readonly observer: StoreObserver,
    private readonly readsMemory: boolean,
  ) {
    super();
  }

  override get(key: string, channel: string): Promise<ThreadRecord | undefined> {
    return this.read('get', () => this.store.get(key, channel));
  }

  override async update(
    key: string,
    channel: string,
    change: RecordChange,
    members?: readonly string[],
  ): Promise<ThreadRecord> {
    const seen = new SeenChanges();
    const watched = seen.watch(change, 0);
    const record = await this.measured('update', () => this.store.update(key, channel, watched, members));
    seen.tell(this.observer);
    return record;
  }

  override async updateAll(changes: readonly RecordUpdate[]): Promise<readonly ThreadRecord[]> {
    const seen = new SeenChanges();
    const updates = changes.map((update, i) => ({ ...update, change: seen.watch(update.change, i) }));
    const records = await this.measured('update', () => this.store.updateAll(updates));
    seen.tell(this.observer);
    return records;
  }

  override findByIncident(incidentId: string): Promise<ThreadRecord | undefined> {
    return this.read('find', () => this.store.findByIncident(incidentId));
  }

  override findByMessage(channel: string, ts: string): Promise<ThreadRecord | undefined> {
    return this.read('find', () => this.store.findByMessage(channel, ts));
  }

  override findByFingerprint(fingerprint: string): Promise<readonly ThreadRecord[]> {
    return this.read('find', () => this.store.findByFingerprint(fingerprint));
  }

  override silenced(): Promise<readonly ThreadRecord[]> {
    return this.read('find', () => this.store.silenced());
  }

  override live(channel: string): Promise<LiveIncidents> {
    return this.read('counts', () => this.store.live(channel));
  }

  override liveNamed(channel: string, alertname: string): Promise<number> {
    return this.read('counts', () => this.store.liveNamed(channel, alertname));
  }

  override folds(): Promise<readonly ThreadRecord[]> {
    return this.read('find', () => this.store.folds());
  }

  override incident(incidentId: string): Promise<IncidentThread | undefined> {
    return this.measured('incident', () => this.store.incident(incidentId));
  }

  override pending(now: number, limit: number): Promise<readonly ThreadRecord[]> {
    return this.read('pending', () => this.store.pending(now, limit));
  }

  override archive(thread: IncidentThread): Promise<void> {
    return this.measured('archive', () => this.store.archive(thread));
  }

  override prune(before: number, most?: number): Promise<number> {
    return this.measured('prune', () => this.store.prune(before, most));
  }

  override list(filter: ListFilter): Promise<IncidentPage> {
    return this.measured('list', () => this.store.list(filter));
  }

  override counts(): Promise<StoreCounts> {
    return this.read('counts', () => this.store.counts());
  }

  override overview(): Promise<StoreOverview> {
    return this.read('overview', () => this.store.overview());
  }

  override threads(): Promise<readonly CachedThread[]> {
    return this.read('threads', () => this.store.threads());
  }

  override clear(): Promise<number> {
    return this.measured('clear', () => this.store.clear());
  }

  override unreadable(most: number): Promise<UnreadableRecords> {
    return this.read('overview', () => this.store.unreadable(most));
  }

  override ping(): Promise<void> {
    return this.measured('ping', () => this.store.ping());
  }

  close(): Promise<void> {
    return this.store.close();
  }

  private read<T>(operation: StoreOperation, work: () => Promise<T>): Promise<T> {
    return this.readsMemory ? work() : this.measured(operation, work);
  }

  private async measured<T>(operation: StoreOperation, work: () => Promise<T>): Promise<T> {
    const startedAt = this.observer.now();
    try {
      const result = await work();
      this.observer.ended(operation, startedAt);
      return result;
    } catch (error) {
      this.observer.ended(operation, startedAt, error);
      throw error;
    }
  }
}

/** What changes made of what, the last time that the store ran them. Of most of a storm nothing is kept: they change nothing. */
class SeenChanges {
  private made: (readonly [ThreadRecord, ThreadRecord] | undefined)[] | undefined;

  /** @param place of the change among the others */
  watch(change: RecordChange, place: number): RecordChange {
    return (before, rolls) => {
      const after = change(before, rolls);
      if (after !== before) (this.made ??= [])[place] = [before, after];
      else if (this.made !== undefined) this.made[place] = undefined;
      return after;
    };
  }

  /** Once they are durable. */
  tell(observer: StoreObserver): void {
    for (const pair of this.made ?? []) if (pair !== undefined) observer.changed(...pair);
  }
}
