import type { Incident } from './incident.js';
import type { Timeline } from './timeline.js';

/** Version of the stored form. A reader refuses a newer one and keeps fields that it does not know. */
export const SCHEMA = 1;

export type ErrorKind =
  'rate' | 'transient' | 'ambiguous' | 'payload' | 'frozen' | 'gone' | 'channel' | 'app' | 'unknown';

export type ClaimedCall = 'root' | 'reply' | 'edit';

/** Written before a call to Slack: what is being sent, so that a crash or a lost answer can be settled later. */
export interface Claim {
  /** `<incident>:root:<epoch>`, `<incident>:reply:<first entry>:<epoch>` or `<incident>:edit:<epoch>`; goes into the message's metadata. */
  readonly id: string;
  readonly call: ClaimedCall;
  /** Timeline entries that the message shows, first to last; a redo sends exactly these. */
  readonly first: number;
  readonly last: number;
  /** Digest of the facts that the root shows by this call; null where another card may have been sent before it. */
  readonly digest: string | null;
  /** Id of the process that made it. */
  readonly owner: string;
  /** When it was first made; a redo keeps it. */
  readonly at: number;
  /** When this owner took it: its lease runs from here. Absent in claims of an earlier version, which count from `at`. */
  readonly takenAt?: number;
  /** When it became ambiguous: the call's end, or the start of the process that found it. Absent while the call runs. */
  readonly endedAt?: number;
  /** How often Slack was searched for the message since, without success. */
  readonly looked?: number;
  /** It was sent before and not found: there may be two messages in the end. */
  readonly redone?: true;
}

/** A search or a deletion for a thread, which needs no claim: nobody else works on the thread meanwhile. */
export interface Turn {
  /** Id of the process whose turn it is. */
  readonly owner: string;
  readonly at: number;
}

/** A call that was repeated, or may have been: one more look deletes what came twice. */
export interface Doubt {
  /** The operation id to look for. */
  readonly id: string;
  readonly call: 'root' | 'reply';
  /** The message to keep; every other one with this id goes. Absent: the one that the record knows, else the first. */
  readonly keep?: string;
  /** When the first of the calls was claimed. */
  readonly claimedAt: number;
  readonly lookAt: number;
}

export interface DeliveryError {
  readonly kind: ErrorKind;
  /** Slack's error code, or our own name of the failure. Never a message text or a token. */
  readonly code: string;
  readonly at: number;
}

/** What an incident's Slack thread shows so far. */
export interface Delivery {
  /** ts of the thread's first message; null before it was posted, after it was deleted, or after DELETE /cache. */
  readonly rootTs: string | null;
  /** Raised each time the thread starts again, so that operation ids differ. */
  readonly epoch: number;
  /** Digest of the facts that the root shows; null: unknown, edit again. */
  readonly shownDigest: string | null;
  /** Number of the last timeline entry that Slack shows. */
  readonly shownEntry: number;
  readonly claim: Claim | null;
  /** Failed tries of the next message in a row. */
  readonly attempts: number;
  /** Not before this time; null: at once. */
  readonly nextTryAt: number | null;
  readonly lastError: DeliveryError | null;
  /** When the root was last edited (one edit per 2 s and thread). */
  readonly editedAt: number | null;
  /** An edit of unknown fate may come late, over a newer one: the root is edited once more at this time. */
  readonly editAgainAt?: number;
  /** Failed edits in a row: they wait by themselves, since replies may go through all the same. */
  readonly edits?: { readonly attempts: number; readonly nextTryAt: number };
  /** The root is a plain message, because its card could not be made: the card is tried again at this time. */
  readonly cardRetryAt?: number;
  /** The root can't be edited (too old, or not ours): it stays, replies go on. */
  readonly frozen?: true;
  /**
   * The thread was lost: `gone` (a person deleted it) starts again with the next loud entry, `forgotten` (DELETE /cache, or
   * left behind in an unusable channel) with any.
   */
  readonly lost?: 'gone' | 'forgotten';
  /** Slack refused the card: send plain text. Kept for the root; for a reply until it went out. */
  readonly plainRoot?: true;
  readonly plainReply?: true;
  /** The message may be there already; it says so. */
  readonly maybeDuplicate?: true;
  /** Why the thread is in another channel than it was meant for. */
  readonly movedFrom?: { readonly channel: string; readonly code: string };
  readonly doubts?: readonly Doubt[];
  /** Messages of ours to delete: strays that Slack un-threaded, and doubles. */
  readonly strays?: readonly string[];
  /** On a shared store: who searches or deletes for this thread now. */
  readonly turn?: Turn;
}

/** What people reacted with to a thread's first message, as far as it was acted on. */
export interface SeenReactions {
  /** ts of that message. */
  readonly ts: string;
  /** `<emoji name> <user id>` of each. */
  readonly seen: readonly string[];
}

/** Something from outside that was applied: a repeat of it changes nothing. */
export interface Applied {
  /** Id of the envelope or of the event. */
  readonly id: string;
  readonly at: number;
}

/** An incident with its thread. */
export interface IncidentThread {
  readonly incident: Incident;
  /** Where the thread is; differs from the record's when that channel was unusable. */
  readonly channel: string;
  readonly timeline: Timeline;
  readonly delivery: Delivery;
  readonly reactions?: SeenReactions;
}

/** The end of an alert's episode, remembered for 24 h; one that the source ended, only as long as an incident is in the record. */
export interface ClosedEpisode {
  readonly startsAt: number;
  readonly at: number;
  readonly by: 'source' | 'person';
}

/** Everything about one thread key in one channel; the unit of atomic change. */
export interface ThreadRecord {
  readonly schema: number;
  /** `alertname|severity|service|cluster|environment`. */
  readonly key: string;
  readonly channel: string;
  /** Raised by the store with each change. */
  readonly version: number;
  /** Epoch milliseconds at which the reconciler must look at it again: 0 at once, null never. */
  readonly due: number | null;
  /** The latest incident; null between a finished one's move to history and the next alert. */
  readonly current: IncidentThread | null;
  /** Incidents before it whose thread is not in its final state yet. */
  readonly earlier: readonly IncidentThread[];
  readonly closed: Readonly<Record<string, ClosedEpisode>>;
  /** thread_ts of the earlier version; the next alert goes on in that thread. */
  readonly adopt?: string;
  /** What was applied in the last 10 minutes. */
  readonly applied?: readonly Applied[];
}

/** Identity of a record in a store: channel ids hold no space, so the pair is unambiguous. */
export const recordId = (key: string, channel: string): string => `${channel} ${key}`;

export const emptyRecord = (key: string, channel: string): ThreadRecord => ({
  schema: SCHEMA,
  key,
  channel,
  version: 0,
  due: null,
  current: null,
  earlier: [],
  closed: {},
});

export const NEW_DELIVERY: Delivery = {
  rootTs: null,
  epoch: 0,
  shownDigest: null,
  shownEntry: 0,
  claim: null,
  attempts: 0,
  nextTryAt: null,
  lastError: null,
  editedAt: null,
};

/** All threads of a record, oldest first. */
export const threadsOf = (record: ThreadRecord): readonly IncidentThread[] =>
  record.current === null ? record.earlier : [...record.earlier, record.current];

/** True when nothing is left to remember. */
export const isEmpty = (record: ThreadRecord): boolean =>
  record.current === null &&
  record.earlier.length === 0 &&
  record.adopt === undefined &&
  Object.keys(record.closed).length === 0;

/** thread_ts that `GET /cache` and the webhook's answer show for a record. */
export const shownTs = (record: ThreadRecord): string | null => record.current?.delivery.rootTs ?? record.adopt ?? null;

/** How a record's key is shown: another channel than the default one is appended. */
export const shownKey = (record: Pick<ThreadRecord, 'key' | 'channel'>, defaultChannel: string): string =>
  record.channel === defaultChannel ? record.key : `${record.key}@${record.channel}`;
