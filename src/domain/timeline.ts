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
  /** How many happenings this entry stands for: 1, or more once collapsed. */
  readonly count: number;
  /** Fingerprints of the alerts it is about, at most {@link MAX_NAMED}; their states are in the incident. */
  readonly alerts: readonly string[];
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

/** Entries after `shown`, up to `last` where given. */
export const waiting = (timeline: Timeline, shown: number, last = timeline.last): TimelineEntry[] =>
  timeline.entries.filter((entry) => entry.n > shown && entry.n <= last);

const merge = (into: TimelineEntry, entry: TimelineEntry): TimelineEntry => ({
  ...entry,
  loud: into.loud || entry.loud,
  ...((into.broadcast ?? entry.broadcast) ? { broadcast: true } : {}),
  count: into.count + entry.count,
  alerts: [...new Set([...into.alerts, ...entry.alerts])].slice(0, MAX_NAMED),
  ...(into.from === undefined ? {} : { from: into.from }),
});

/**
 * Keeps a timeline bounded. Shown entries go first; entries that wait collapse by kind ("14 more alerts joined") and
 * are never dropped. Entries up to `frozen` belong to a claim and stay as they are.
 */
export const bound = (timeline: Timeline, shown: number, frozen: number): Timeline => {
  if (timeline.entries.length <= MAX_SHOWN) return timeline;
  const settled = timeline.entries.filter((entry) => entry.n <= shown).slice(-MAX_SHOWN);
  const claimed = timeline.entries.filter((entry) => entry.n > shown && entry.n <= frozen);
  let free = timeline.entries.filter((entry) => entry.n > shown && entry.n > frozen);
  if (free.length > MAX_WAITING) {
    const byKind = new Map<string, TimelineEntry>();
    for (const entry of free) {
      const kind = entry.actor === undefined ? entry.kind : `${entry.kind} ${entry.actor.kind} ${entry.actor.id}`;
      const into = byKind.get(kind);
      byKind.set(kind, into === undefined ? entry : merge(into, entry));
    }
    free = [...byKind.values()].sort((a, b) => a.n - b.n);
  }
  return { last: timeline.last, entries: [...settled, ...claimed, ...free] };
};
