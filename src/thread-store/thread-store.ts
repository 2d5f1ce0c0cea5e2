import type { SeverityClass } from '../domain/alert.js';
import type { IncidentStatus } from '../domain/incident.js';
import type { IncidentThread, ThreadRecord } from '../domain/record.js';
import type { Rolls } from '../domain/roll.js';

/**
 * A change of one record: pure, since a provider may run it again on newer state. The same object means no change.
 * @param rolls rows of the record's incidents. What is set there is written in one step with the record, or not at all
 */
export type RecordChange = (record: ThreadRecord, rolls: Rolls) => ThreadRecord;

export interface RecordUpdate {
  readonly key: string;
  readonly channel: string;
  readonly change: RecordChange;
  /** Ids (`memberId`) of the rows that the change may read; it may set any. */
  readonly members?: readonly string[];
}

export interface StoreCounts {
  /** Threads with a ts: `cached_threads`. */
  readonly threads: number;
  readonly incidents: Readonly<Record<IncidentStatus, number>>;
  /** Finished incidents in the history (they count as resolved as well). */
  readonly archived: number;
  /** Records that the reconciler still has to look at, now or later. */
  readonly pending: number;
}

/** Every status with every severity; those of the history count as resolved. */
export type IncidentFigures = readonly {
  readonly status: IncidentStatus;
  readonly severity: SeverityClass;
  readonly count: number;
}[];

/** Threads of a channel whose image in Slack is behind. */
export interface ChannelBacklog {
  readonly channel: string;
  readonly threads: number;
  /** When the oldest change happened that Slack does not show, epoch milliseconds. */
  readonly since: number;
}

/** What there is, in figures. */
export interface StoreOverview {
  readonly incidents: IncidentFigures;
  /** Channels in which something is behind. */
  readonly backlog: readonly ChannelBacklog[];
}

/** What is behind in all channels together. `since`: epoch milliseconds, null when nothing is. */
export const wholeBacklog = (
  backlog: readonly ChannelBacklog[],
): { readonly threads: number; readonly since: number | null } => ({
  threads: backlog.reduce((sum, { threads }) => sum + threads, 0),
  since: backlog.length === 0 ? null : Math.min(...backlog.map(({ since }) => since)),
});

/** Incidents in records: those that are open, and those that ended and are not in the history yet. */
export interface LiveIncidents {
  /** In all channels. */
  readonly all: number;
  readonly inChannel: number;
  /** Those of the channel that are open. */
  readonly open: number;
}

export interface ListFilter {
  readonly status?: IncidentStatus;
  /** At most this many, newest first. */
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

export interface IncidentPage {
  readonly items: readonly IncidentThread[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

export interface CachedThread {
  readonly key: string;
  readonly channel: string;
  readonly ts: string;
}

/** Stored values that could not be read, and were kept beside while their records began anew. */
export interface UnreadableRecords {
  readonly count: number;
  /** Some of them. */
  readonly records: readonly Pick<ThreadRecord, 'key' | 'channel'>[];
}

const NONE_UNREADABLE: UnreadableRecords = { count: 0, records: [] };

/** The store can't take or give records now; nothing was changed. */
export class StoreUnavailableError extends Error {
  readonly code: string;

  /** @param code the system's code (ENOSPC, EROFS, …) or our own, such as `lock-lost` */
  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreUnavailableError';
    this.code = code;
  }
}

/** Keeps thread records and the history of incidents. Every provider passes test/contract/thread-store.contract.ts. */
export abstract class ThreadStore {
  /** The record as last changed, be it durable yet or not; whoever acts on it changes it first and so waits for both. */
  abstract get(key: string, channel: string): Promise<ThreadRecord | undefined>;

  /**
   * Reads, changes and writes one record atomically. A missing record is given as an empty one; a result that is empty
   * (`isEmpty`) removes it. Resolves with the record once it, and every earlier change of it, is durable; also where
   * nothing changed. `version` is raised by the store. What `change` throws is thrown on, and nothing is written.
   * @param members ids (`memberId`) of the rows that the change may read
   * @throws {StoreUnavailableError} nothing was changed: the record is as before
   */
  abstract update(
    key: string,
    channel: string,
    change: RecordChange,
    members?: readonly string[],
  ): Promise<ThreadRecord>;

  /**
   * Several changes at once, in order; a webhook's. Each record is changed atomically by itself, as by {@link update};
   * resolves with the records, in order, when all are durable.
   * @throws {StoreUnavailableError} at least one was not made
   */
  abstract updateAll(changes: readonly RecordUpdate[]): Promise<readonly ThreadRecord[]>;

  /** The live record that holds the incident. */
  abstract findByIncident(incidentId: string): Promise<ThreadRecord | undefined>;

  /** The live record one of whose threads has this root. */
  abstract findByMessage(channel: string, ts: string): Promise<ThreadRecord | undefined>;

  /** Live records with an open incident in which this alert fires. */
  abstract findByFingerprint(fingerprint: string): Promise<readonly ThreadRecord[]>;

  /** Live records whose silence has to be looked after (`wantsSilenceCare` of the domain). */
  abstract silenced(): Promise<readonly ThreadRecord[]>;

  /** How many live incidents there are, in all and in the records of a channel. */
  abstract live(channel: string): Promise<LiveIncidents>;

  /** How many of those in the channel's records have this alertname (`alertnameOf` of the domain). */
  abstract liveNamed(channel: string, alertname: string): Promise<number>;

  /** Live records whose present incident is a fold, open or over. */
  abstract folds(): Promise<readonly ThreadRecord[]>;

  /** An incident with its thread, live or from the history. */
  abstract incident(incidentId: string): Promise<IncidentThread | undefined>;

  /** Records whose `due` is at or before `now`, the longest waiting first. */
  abstract pending(now: number, limit: number): Promise<readonly ThreadRecord[]>;

  /** Writes a finished incident to the history; the same incident again changes nothing. Durable when it resolves. */
  abstract archive(thread: IncidentThread): Promise<void>;

  /**
   * Forgets history that ended before `before`, and of the rest the oldest, until at most `most` incidents are left (all
   * of it stays without one).
   * @returns how many were forgotten
   */
  abstract prune(before: number, most?: number): Promise<number>;

  abstract list(filter: ListFilter): Promise<IncidentPage>;

  abstract counts(): Promise<StoreCounts>;

  /** For figures: costs little, whatever is stored. */
  abstract overview(): Promise<StoreOverview>;

  /** Every thread that has a ts. */
  abstract threads(): Promise<readonly CachedThread[]>;

  /** Forgets every thread's ts (`forgetThreads` of the domain); incidents and what is not yet shown stay. @returns how many */
  abstract clear(): Promise<number>;

  /** What was kept beside because it could not be read; nothing where a store keeps no such values. @param most named */
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- for stores that keep some
  unreadable(most: number): Promise<UnreadableRecords> {
    return Promise.resolve(NONE_UNREADABLE);
  }

  /** @throws {StoreUnavailableError} it can't take a change now */
  abstract ping(): Promise<void>;
}
