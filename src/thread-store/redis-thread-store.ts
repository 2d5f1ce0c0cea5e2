import { forgetThreads } from '../domain/forget.js';
import { shownTs, type IncidentThread, type ThreadRecord } from '../domain/record.js';
import { byFingerprint, byIncident, byMessage } from './redis-facts.js';
import { RedisFinder } from './redis-finder.js';
import { RedisHistory } from './redis-history.js';
import { identityOf, RedisKeys } from './redis-keys.js';
import { listIncidents } from './redis-list.js';
import { RedisMirror } from './redis-mirror.js';
import { redisOverview } from './redis-overview.js';
import { RedisRecords } from './redis-records.js';
import { ReplicaWait } from './redis-replica-wait.js';
import { RedisRolls } from './redis-rolls.js';
import { COUNT } from './redis-scripts.js';
import type { RedisThreadStoreOptions } from './redis-store-options.js';
import { RedisTakeOver, SCAN_STEP } from './redis-take-over.js';
import { RedisUnreadable } from './redis-unreadable.js';
import { RedisWriter } from './redis-writer.js';
import {
  StoreUnavailableError,
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
import { whileStarting } from './while-starting.js';

/** Records that `clear()` reads at a time. */
const CLEAR_STEP = 100;
const SWEEP_MS = 30_000;

/** Records in Redis, shared by every process that uses the same one. docs/adr/0010-redis-layout.md says how they lie there. */
export class RedisThreadStore extends ThreadStore {
  private readonly keys: RedisKeys;
  private readonly records: RedisRecords;
  private readonly history: RedisHistory;
  private readonly finder: RedisFinder;
  private readonly mirror: RedisMirror;
  private readonly kept: RedisUnreadable;
  private readonly replicas: ReplicaWait;
  private readonly writer: RedisWriter;
  private closed = false;
  private cancelSweep: (() => void) | undefined;

  private constructor(private readonly options: RedisThreadStoreOptions) {
    super();
    const { connection, clock, logger, prefix, defaultChannel } = options;
    this.keys = new RedisKeys(prefix, defaultChannel);
    this.replicas = new ReplicaWait(connection, clock, logger);
    this.records = new RedisRecords(connection, this.keys, logger);
    this.history = new RedisHistory(connection, this.keys, this.replicas);
    this.finder = new RedisFinder(connection, this.keys, this.records, this.history);
    this.mirror = new RedisMirror(connection, this.keys);
    this.kept = new RedisUnreadable(connection, this.keys, this.records, logger);
    const { records, kept, mirror, replicas } = this;
    const rolls = new RedisRolls(connection, this.keys);
    this.writer = new RedisWriter(connection, this.keys, records, rolls, kept, mirror, replicas, clock);
  }

  /** @throws {StoreUnavailableError} Redis is away or slow for 10 s, or holds a newer version's data */
  static async open(options: RedisThreadStoreOptions): Promise<RedisThreadStore> {
    const store = new RedisThreadStore(options);
    await store.start();
    return store;
  }

  override async get(key: string, channel: string): Promise<ThreadRecord | undefined> {
    const { record, writeId, adopted } = await this.records.read(key, channel); // an unreadable one is none
    return writeId === '' && !adopted ? undefined : record;
  }

  override update(
    key: string,
    channel: string,
    change: RecordChange,
    members?: readonly string[],
  ): Promise<ThreadRecord> {
    return this.closed ? Promise.reject(closedError()) : this.writer.update(key, channel, change, members);
  }

  override updateAll(changes: readonly RecordUpdate[]): Promise<readonly ThreadRecord[]> {
    return Promise.all(changes.map(({ key, channel, change, members }) => this.update(key, channel, change, members)));
  }

  override async findByIncident(incidentId: string): Promise<ThreadRecord | undefined> {
    return (await this.try('find incident', this.finder.find(byIncident(incidentId))))[0];
  }

  override async findByMessage(channel: string, ts: string): Promise<ThreadRecord | undefined> {
    return (await this.try('find message', this.finder.find(byMessage(channel, ts))))[0];
  }

  override findByFingerprint(fingerprint: string): Promise<readonly ThreadRecord[]> {
    return this.try('find alert', this.finder.find(byFingerprint(fingerprint)));
  }

  override silenced(): Promise<readonly ThreadRecord[]> {
    return this.try('find silences', this.finder.silenced());
  }

  override live(channel: string): Promise<LiveIncidents> {
    return this.try('count incidents', this.finder.live(channel));
  }

  override liveNamed(channel: string, alertname: string): Promise<number> {
    return this.try('count incidents', this.finder.liveNamed(channel, alertname));
  }

  override folds(): Promise<readonly ThreadRecord[]> {
    return this.try('find folds', this.finder.folds());
  }

  override incident(incidentId: string): Promise<IncidentThread | undefined> {
    return this.try('find incident', this.finder.incident(incidentId));
  }

  override pending(now: number, limit: number): Promise<readonly ThreadRecord[]> {
    return this.try('find what is pending', this.finder.pending(now, limit));
  }

  override async archive(thread: IncidentThread): Promise<void> {
    if (this.closed) throw closedError();
    await this.history.archive(thread);
  }

  override async prune(before: number, most = Infinity): Promise<number> {
    if (this.closed) throw closedError();
    return this.try('forget history', this.history.prune(before, most));
  }

  override list(filter: ListFilter): Promise<IncidentPage> {
    return this.try('list incidents', listIncidents(this.options.connection, this.keys, this.finder, filter));
  }

  override async counts(): Promise<StoreCounts> {
    const { connection } = this.options;
    const shards = await Promise.all(
      this.keys.shards.map(({ firing, acknowledged, resolved, due, threads, history }) =>
        connection.run(COUNT, firing, acknowledged, resolved, due, threads, history),
      ),
    );
    const sum = (at: number): number => (shards as number[][]).reduce((total, counts) => total + (counts[at] ?? 0), 0);
    return {
      incidents: { firing: sum(0), acknowledged: sum(1), resolved: sum(2) },
      pending: sum(3),
      threads: sum(4),
      archived: sum(5),
    };
  }

  override overview(): Promise<StoreOverview> {
    return redisOverview(this.options.connection, this.keys);
  }

  override async threads(): Promise<readonly CachedThread[]> {
    const found = new Map<string, string>(); // a scan may tell one twice
    for (const { threads } of this.keys.shards) {
      for await (const page of this.scan(threads, SCAN_STEP)) for (const [field, ts] of page) found.set(field, ts);
    }
    return Array.from(found, ([field, ts]) => ({ ...identityOf(field), ts }));
  }

  override async clear(): Promise<number> {
    let cleared = 0;
    for (const { records } of this.keys.shards) {
      for await (const page of this.scan(records, CLEAR_STEP)) {
        const shown = await Promise.all(page.map(([field, value]) => this.forget(field, value)));
        cleared += shown.filter(Boolean).length;
      }
    }
    return cleared;
  }

  override unreadable(most: number): Promise<UnreadableRecords> {
    return this.try('count unreadable records', this.kept.list(most));
  }

  override async ping(): Promise<void> {
    if (this.closed) throw closedError();
    const { client } = this.options.connection;
    const writes = this.keys.shards.map(({ probe }) => client.set(probe, '', 'EX', 60));
    await this.try('write a test value', Promise.all(writes));
  }

  /** Waits for the changes that are on their way. The connection is not ours to close. */
  async close(): Promise<void> {
    this.closed = true;
    this.cancelSweep?.();
    this.replicas.stop();
    await this.writer.drained();
  }

  private async start(): Promise<void> {
    const { connection, clock, logger } = this.options;
    await this.replicas.start();
    const takeOver = new RedisTakeOver(connection, this.keys, this.writer, this.mirror, logger);
    await whileStarting(clock, logger, () => this.try('open thread store', takeOver.run()));
    connection.onReconnect(() => {
      if (this.closed) return;
      void this.replicas.start();
      this.sweep();
    });
    this.sweep();
  }

  /** Puts plain keys right that a crash, or Redis' absence, has left. */
  private sweep(): void {
    this.cancelSweep?.();
    this.cancelSweep = this.options.clock.after(SWEEP_MS, () => {
      this.sweep();
    });
    this.mirror.sweep().catch(() => undefined); // next time
  }

  /** Forgets a record's threads. @returns whether one of them was shown */
  private async forget(field: string, value: string): Promise<boolean> {
    const record = this.records.tryParse(field, value);
    if (record === undefined || forgetThreads(record) === record) return false;
    const was: { ts: string | null } = { ts: null };
    await this.update(record.key, record.channel, (before) => {
      was.ts = shownTs(before); // it may be made again, on newer state
      return forgetThreads(before);
    });
    return was.ts !== null;
  }

  /** The pairs of a hash, some at a time: Redis does other things in between. */
  private async *scan(hash: string, step: number): AsyncGenerator<readonly (readonly [string, string])[]> {
    const { client } = this.options.connection;
    let cursor = '0';
    do {
      const [next, found] = await this.try('read thread store', client.hscan(hash, cursor, 'COUNT', step));
      cursor = next;
      yield Array.from({ length: found.length / 2 }, (_, i) => [found[2 * i] ?? '', found[2 * i + 1] ?? ''] as const);
    } while (cursor !== '0');
  }

  private async try<T>(action: string, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw this.options.connection.fault(action, error);
    }
  }
}

const closedError = (): StoreUnavailableError => new StoreUnavailableError('the thread store is closed', 'closed');
