import { setImmediate as turn } from 'node:timers/promises';
import { forgetThreads } from '../domain/forget.js';
import { emptyRecord, isEmpty, shownTs, threadsOf, type IncidentThread, type ThreadRecord } from '../domain/record.js';
import { Compactor } from './compactor.js';
import { Disk } from './disk.js';
import type { FileThreadStoreOptions } from './file-store-options.js';
import { GroupCommit } from './group-commit.js';
import { archive, prune } from './history-changes.js';
import { listIncidents, readArchived } from './list-incidents.js';
import type { RollRows } from '../domain/staged-rolls.js';
import type { OpenParts } from './open-parts.js';
import { openStore } from './open-store.js';
import type { Slot } from './record-table.js';
import { RecordWrite } from './record-write.js';
import { StagedRolls } from '../domain/staged-rolls.js';
import { figures } from './severity-counts.js';
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
} from './thread-store.js';
import { WriteProbe } from './write-probe.js';

const COMPACT_FROM = 1024 * 1024;
/** Many changes at once give way to other work after so long. Milliseconds. */
const TURN_MS = 20;
const COMPACT_SLACK = 64 * 1024 * 1024;
/** About how long the line of a new record is, in bytes. */
const NEW_RECORD = 1_000;
/** Records that `clear()` changes at a time. */
const CLEAR_SLICE = 500;

/** Records in memory, every change in an append-only file. Reads see changes before they are durable. */
export class FileThreadStore extends ThreadStore {
  private readonly commits: GroupCommit;
  private readonly compactor: Compactor;
  private readonly probe: WriteProbe;
  private closed: Promise<void> | undefined;
  /** Code of the failure that was logged. */
  private failing: string | undefined;

  private constructor(
    private readonly options: FileThreadStoreOptions,
    private readonly parts: OpenParts,
  ) {
    super();
    const { journal, lock } = parts;
    const guard = (): void => {
      lock.check();
    };
    this.commits = new GroupCommit(journal, guard, (failed) => {
      this.afterCommit(failed);
    });
    this.probe = new WriteProbe(this.commits, journal, guard, options.clock);
    this.compactor = new Compactor({
      ...parts,
      guard,
      commits: this.commits,
      clock: options.clock,
      logger: options.logger,
      from: options.compactFrom ?? COMPACT_FROM,
      slack: options.compactSlack ?? COMPACT_SLACK,
    });
    this.compactor.startIfWorthIt();
  }

  /** @throws {StoreUnavailableError} the file is held by another process, is not ours, or can't be read or written */
  static async open(options: FileThreadStoreOptions): Promise<FileThreadStore> {
    return new FileThreadStore(options, await openStore(options, options.disk ?? new Disk()));
  }

  override get(key: string, channel: string): Promise<ThreadRecord | undefined> {
    return Promise.resolve(this.parts.table.find(key, channel)?.record);
  }

  override update(key: string, channel: string, change: RecordChange): Promise<ThreadRecord> {
    try {
      const { record, batch } = this.apply(key, channel, change);
      const commit = this.commits.wait(batch);
      return commit === undefined ? Promise.resolve(record) : commit.then(() => record);
    } catch (error) {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- thrown on as it is
      return Promise.reject(error);
    }
  }

  override async updateAll(changes: readonly RecordUpdate[]): Promise<readonly ThreadRecord[]> {
    const records: ThreadRecord[] = [];
    const commits = new Set<Promise<void>>();
    let turnEnds = performance.now() + TURN_MS;
    for (const { key, channel, change } of changes) {
      const { record, batch } = this.apply(key, channel, change);
      records.push(record);
      const commit = this.commits.wait(batch); // now: a commit that fails is not found later
      if (commit !== undefined) commits.add(commit);
      if (performance.now() < turnEnds) continue;
      await turn();
      turnEnds = performance.now() + TURN_MS;
    }
    await Promise.all(commits);
    return records;
  }

  /** Changes the record in memory and hands it to the next commit. @returns the commit that it is part of */
  private apply(key: string, channel: string, change: RecordChange): { record: ThreadRecord; batch: number } {
    if (this.closed !== undefined) throw closedError();
    const slot = this.parts.table.find(key, channel);
    const old = slot?.record;
    const before = old ?? emptyRecord(key, channel);
    const rolls = new StagedRolls(this.parts.rolls);
    const changed = change(before, rolls);
    const gone = changed !== before && isEmpty(changed);
    if ((changed === before && rolls.isEmpty) || (old === undefined && gone)) {
      return { record: before, batch: slot?.batch ?? 0 };
    }
    if (changed.key !== key || changed.channel !== channel) throw new Error(`change of ${key}: another identity`);
    const after = { ...changed, version: before.version + 1 };
    const target = slot ?? this.parts.table.add(key, channel);
    this.write(target, before, gone ? undefined : after, rolls.rows());
    return { record: after, batch: target.batch };
  }

  override findByIncident(incidentId: string): Promise<ThreadRecord | undefined> {
    return Promise.resolve(this.parts.table.findByIncident(incidentId));
  }

  override findByMessage(channel: string, ts: string): Promise<ThreadRecord | undefined> {
    return Promise.resolve(this.parts.table.findByMessage(channel, ts));
  }

  override findByFingerprint(fingerprint: string): Promise<readonly ThreadRecord[]> {
    return Promise.resolve(this.parts.table.findByFingerprint(fingerprint));
  }

  override silenced(): Promise<readonly ThreadRecord[]> {
    return Promise.resolve(this.parts.table.silenced());
  }

  override live(channel: string): Promise<LiveIncidents> {
    const { live } = this.parts.table;
    return Promise.resolve({ all: live.all, inChannel: live.inChannel(channel), open: live.openIn(channel) });
  }

  override liveNamed(channel: string, alertname: string): Promise<number> {
    return Promise.resolve(this.parts.table.live.named(channel, alertname));
  }

  override folds(): Promise<readonly ThreadRecord[]> {
    return Promise.resolve(this.parts.table.folds());
  }

  override async incident(incidentId: string): Promise<IncidentThread | undefined> {
    const { table, history } = this.parts;
    const live = table.findByIncident(incidentId);
    if (live !== undefined) return threadsOf(live).find(({ incident }) => incident.id === incidentId);
    const entry = history.get(incidentId);
    return entry && (await readArchived(entry));
  }

  override pending(now: number, limit: number): Promise<readonly ThreadRecord[]> {
    return Promise.resolve(this.parts.table.due.until(now, limit).flatMap((slot) => slot.record ?? []));
  }

  override async archive(thread: IncidentThread): Promise<void> {
    if (this.closed !== undefined) throw closedError();
    await archive(this.parts.history, this.commits, thread);
  }

  override async prune(before: number, most = Infinity): Promise<number> {
    if (this.closed !== undefined) throw closedError();
    return prune(this.parts.history, this.commits, before, most);
  }

  override list(filter: ListFilter): Promise<IncidentPage> {
    return listIncidents(this.parts, filter);
  }

  override counts(): Promise<StoreCounts> {
    const { table, history, both } = this.parts;
    const { firing, acknowledged, resolved } = table.incidents;
    return Promise.resolve({
      threads: table.threads,
      incidents: { firing, acknowledged, resolved: resolved + history.size - both.count },
      archived: history.size,
      pending: table.due.size,
    });
  }

  override overview(): Promise<StoreOverview> {
    const { table, history, both } = this.parts;
    return Promise.resolve({
      incidents: figures((status, severity) => {
        const live = table.severities.get(status, severity);
        return live + history.severities.get(status, severity) - both.severities.get(status, severity);
      }),
      backlog: table.backlog.list(),
    });
  }

  override threads(): Promise<readonly CachedThread[]> {
    const found: CachedThread[] = [];
    for (const record of this.parts.table.records()) {
      const ts = shownTs(record);
      if (ts !== null) found.push({ key: record.key, channel: record.channel, ts });
    }
    return Promise.resolve(found);
  }

  override async clear(): Promise<number> {
    let cleared = 0;
    const withThread = [...this.parts.table.records()].filter((record) => forgetThreads(record) !== record);
    for (let at = 0; at < withThread.length; at += CLEAR_SLICE) {
      const slice = withThread.slice(at, at + CLEAR_SLICE);
      await Promise.all(
        slice.map(({ key, channel }) =>
          this.update(key, channel, (record) => {
            if (shownTs(record) !== null) cleared += 1;
            return forgetThreads(record);
          }),
        ),
      );
      await turn(); // other requests go in between
    }
    return cleared;
  }

  override async ping(): Promise<void> {
    if (this.closed !== undefined) throw closedError();
    await this.probe.check();
  }

  /** Waits for the changes that are on their way, then lets go of the file. Nothing is rewritten. */
  close(): Promise<void> {
    this.closed ??= this.finish();
    return this.closed;
  }

  private async finish(): Promise<void> {
    await this.compactor.stop();
    await this.commits.drained();
    try {
      await this.parts.journal.close();
    } finally {
      this.parts.lock.release();
    }
  }

  private write(slot: Slot, { key, channel }: ThreadRecord, after: ThreadRecord | undefined, rows: RollRows): void {
    const { table, rolls } = this.parts;
    const { number } = this.commits;
    // changes that wait for the same commit are one line, of the newest state
    const write = slot.write === undefined ? new RecordWrite(table, slot, key, channel, number) : undefined;
    slot.write ??= write;
    slot.write?.add(rows, rolls.take(rows, slot.record, after));
    table.set(slot, after, after === undefined ? 0 : slot.bytes);
    slot.batch = number;
    if (write !== undefined) this.commits.add(write, slot.bytes === 0 ? NEW_RECORD : slot.bytes);
  }

  private afterCommit(failed: boolean): void {
    const { logger } = this.options;
    const file = this.parts.path;
    const { failure } = this.commits;
    if (failed) this.compactor.abandon();
    else this.compactor.startIfWorthIt();
    if (failure?.code === this.failing) return;
    this.failing = failure?.code;
    if (failure === undefined) logger.info({ file }, 'thread store takes changes again');
    else logger.error({ file, code: failure.code, err: failure }, 'thread store write failed: changes are refused');
    if (failure?.code === 'lock-lost') this.options.onFatal?.(failure);
  }
}

const closedError = (): StoreUnavailableError => new StoreUnavailableError('the thread store is closed', 'closed');
