import type { Actor } from './incident.js';

/** What happened to an incident. Each kind is one line of a reply. */
export type EntryKind =
  /** The first alert fired (or, in a thread of the earlier version, the first that we saw). */
  | 'opened'
  /** A resolved incident fires again, in the same thread. */
  | 'reopened'
  /** A new alert joined. */
  | 'joined'
  /** An alert that had ended (or whose end was missed) fires again in a new episode. */
  | 'refired'
  /** The highest severity rose; an acknowledgement was cleared. */
  | 'severity-rose'
  /** Nothing changed: the source says again that it fires. */
  | 'repeated'
  /** Some alerts resolved, others still fire. */
  | 'alert-resolved'
  /** The last alert resolved, or a person closed the incident: the full card. */
  | 'resolved'
  | 'acknowledged'
  | 'unacknowledged'
  | 'silenced'
  | 'silence-ended';

export interface TimelineEntry {
  /** Numbered from 1 within the incident, without gaps at the end: the last number is the timeline's `last`. */
  readonly n: number;
  /** Epoch milliseconds. For a collapsed entry: of the latest. */
  readonly at: number;
  readonly kind: EntryKind;
  /** Who did it; absent when the source did. */
  readonly actor?: Actor;
  /** Worth a person's attention: goes before quiet ones, and starts a deleted thread again. */
  readonly loud: boolean;
  /** Also sent to the channel, because people may have left the thread. */
  readonly broadcast?: boolean;
  /** How many happenings this entry stands for (of alerts: how many alerts): 1, or more once collapsed. */
  readonly count: number;
  /** Fingerprints of the alerts it is about, at most {@link MAX_NAMED}; their states are in the incident. */
  readonly alerts: readonly string[];
  /** Names of those that the incident may not hold in full. Untrusted. */
  readonly names?: readonly string[];
  /** `severity-rose`: from what. `resolved` by a person: how many alerts still fired. */
  readonly from?: string;
  readonly stillFiring?: number;
  readonly until?: number;
  /** What the person wrote with it: a silence's comment. Untrusted. */
  readonly note?: string;
}

export interface Timeline {
  /** Number of the newest entry; 0 when there was none. */
  readonly last: number;
  readonly entries: readonly TimelineEntry[];
}

/** Alerts named in one entry; more are only counted. */
const MAX_NAMED = 10;
/** Entries kept after they were shown, for GET /incidents/:id. */
const MAX_SHOWN = 30;
/** Entries that may wait to be shown before those of one kind collapse. */
const MAX_WAITING = 30;

export const append = (timeline: Timeline, entry: Omit<TimelineEntry, 'n'>): Timeline => ({
  last: timeline.last + 1,
  entries: [...timeline.entries, { n: timeline.last + 1, ...entry }],
});

/**
 * One more happening of the kind that the timeline ends with, at the same moment, as one entry with it; undefined where it
 * has to be an entry of its own. @param frozen entries up to this one belong to a claim, or were shown
 */
export const extended = (timeline: Timeline, entry: Omit<TimelineEntry, 'n'>, frozen: number): Timeline | undefined => {
  const last = timeline.entries.at(-1);
  if (last === undefined || last.n <= frozen || !BURSTS.includes(entry.kind)) return undefined;
  if (last.kind !== entry.kind || last.at !== entry.at || last.actor !== undefined) return undefined;
  const full = last.alerts.length >= MAX_NAMED;
  const names = full ? last.names : [...(last.names ?? []), ...(entry.names ?? [])];
  const grown: TimelineEntry = {
    ...last,
    loud: last.loud || entry.loud,
    ...(last.broadcast || entry.broadcast ? { broadcast: true } : {}),
    count: last.count + entry.count,
    alerts: full ? last.alerts : [...last.alerts, ...entry.alerts],
    ...(names === undefined || names.length === 0 ? {} : { names }),
  };
  return { last: timeline.last, entries: timeline.entries.with(-1, grown) };
};

/** Entries after `shown`, up to `last` where given. */
export const waiting = (timeline: Timeline, shown: number, last = timeline.last): TimelineEntry[] =>
  timeline.entries.filter((entry) => entry.n > shown && entry.n <= last);

/** One entry for several of a kind: at the place and the time of the latest. */
const merge = (entries: readonly [TimelineEntry, ...TimelineEntry[]]): TimelineEntry => {
  const [first] = entries;
  const latest = entries.at(-1) ?? first;
  const alerts = [...new Set(entries.flatMap((entry) => entry.alerts))];
  // An alert that comes and goes counts once, as far as it is known by name.
  const names = [...new Set(entries.flatMap((entry) => entry.names ?? []))].slice(0, MAX_NAMED);
  const nameless = entries.reduce((sum, entry) => sum + Math.max(0, entry.count - entry.alerts.length), 0);
  return {
    ...latest,
    loud: entries.some((entry) => entry.loud),
    ...(entries.some((entry) => entry.broadcast) ? { broadcast: true } : {}),
    count: alerts.length + nameless,
    alerts: alerts.slice(0, MAX_NAMED),
    ...(names.length === 0 ? {} : { names }),
    ...(first.from === undefined ? {} : { from: first.from }),
  };
};

/** Merges entries of one kind and one person where `isMany` says so; in the order of the latest of each. */
const mergeByKind = (
  entries: readonly TimelineEntry[],
  isMany: (ofOneKind: readonly TimelineEntry[]) => boolean,
): TimelineEntry[] => {
  const byKind = new Map<string, [TimelineEntry, ...TimelineEntry[]]>();
  for (const entry of entries) {
    const kind = entry.actor === undefined ? entry.kind : `${entry.kind} ${entry.actor.kind} ${entry.actor.id}`;
    const others = byKind.get(kind);
    if (others === undefined) byKind.set(kind, [entry]);
    else others.push(entry);
  }
  return [...byKind.values()].flatMap((some) => (isMany(some) ? [merge(some)] : some)).sort((a, b) => a.n - b.n);
};

/** From so many happenings of one kind on, a reply tells them in one line. */
const BURST = 5;

const isBurst = (ofOneKind: readonly TimelineEntry[]): boolean =>
  ofOneKind.length > 1 && ofOneKind.reduce((sum, { count }) => sum + count, 0) >= BURST;

/** Kinds that come in bursts; what else happens stands by itself, and nothing is merged across it. */
const BURSTS: readonly EntryKind[] = ['joined', 'refired', 'repeated', 'alert-resolved'];

/**
 * Entries as one reply tells them: a burst of one kind is one entry ("44 more alerts joined"), whether the timeline
 * collapsed some of it already or not. The timeline itself keeps them apart.
 */
export const gathered = (entries: readonly TimelineEntry[]): TimelineEntry[] => {
  const all: TimelineEntry[] = [];
  let burst: TimelineEntry[] = [];
  for (const entry of entries) {
    if (BURSTS.includes(entry.kind)) {
      burst.push(entry);
    } else {
      all.push(...mergeByKind(burst, isBurst), entry);
      burst = [];
    }
  }
  return [...all, ...mergeByKind(burst, isBurst)];
};

/**
 * Keeps a timeline bounded. Shown entries go first; entries that wait collapse by kind ("14 more alerts joined") and
 * are never dropped. Entries up to `frozen` belong to a claim and stay as they are.
 */
export const bound = (timeline: Timeline, shown: number, frozen: number): Timeline => {
  if (timeline.entries.length <= MAX_SHOWN) return timeline;
  const settled = timeline.entries.filter((entry) => entry.n <= shown).slice(-MAX_SHOWN);
  const claimed = timeline.entries.filter((entry) => entry.n > shown && entry.n <= frozen);
  const free = timeline.entries.filter((entry) => entry.n > shown && entry.n > frozen);
  const kept = free.length > MAX_WAITING ? mergeByKind(free, (some) => some.length > 1) : free;
  return { last: timeline.last, entries: [...settled, ...claimed, ...kept] };
};
