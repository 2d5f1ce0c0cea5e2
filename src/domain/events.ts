import type { Alert } from './alert.js';
import type { Actor, SilenceRequest } from './incident.js';
import type { ThreadRecord } from './record.js';
import type { Rolls } from './roll.js';

/** Everything that can happen to a thread's incidents. */
export type IncidentEvent = AlertEvent | PersonEvent;

/** A webhook named an alert. */
export interface AlertEvent {
  readonly type: 'alert';
  readonly alert: Alert;
  /** How many alerts the same webhook left out. */
  readonly truncated?: number;
  /** There are too many incidents: the alert's problem is counted in the record of a fold. */
  readonly problem?: FoldedProblem;
}

/** A problem that would have a thread of its own if there were not too many. */
export interface FoldedProblem {
  /** Its thread key, as a `memberId`. */
  readonly id: string;
  /** Of all problems of the fold; empty where their names differ. */
  readonly alertname: string;
  /** Labels of the thread key, with the problem's values. */
  readonly values: readonly (readonly [label: string, value: string])[];
}

export type PersonEvent =
  | {
      readonly type: 'acknowledge';
      readonly incidentId: string;
      readonly actor: Actor;
      readonly via?: 'reaction';
    }
  | { readonly type: 'unacknowledge'; readonly incidentId: string; readonly actor: Actor }
  | {
      readonly type: 'resolve';
      readonly incidentId: string;
      readonly actor: Actor;
      readonly actionTaken?: string;
      readonly rootCause?: string;
    }
  | { readonly type: 'reopen'; readonly incidentId: string; readonly actor: Actor }
  | SilenceEvent;

/** The life of a silence: asked for, made or refused by the server, and over. */
export type SilenceEvent =
  | { readonly type: 'silence-asked'; readonly incidentId: string; readonly request: SilenceRequest }
  /** The server did what the request asked for. `silenceId`: of the silence that it made or changed. */
  | {
      readonly type: 'silence-done';
      readonly incidentId: string;
      readonly requestId: string;
      readonly silenceId: string;
    }
  | { readonly type: 'silence-failed'; readonly incidentId: string; readonly requestId: string }
  /** Somebody changed the silence's end at the server. */
  | {
      readonly type: 'silence-moved';
      readonly incidentId: string;
      readonly silenceId: string;
      readonly until: number;
    }
  /** It ran out, or somebody ended it at the server. */
  | { readonly type: 'silence-over'; readonly incidentId: string; readonly silenceId: string };

/** Why a transition did what it did; tests, logs and answers use these names. */
export type TransitionReason =
  | 'opened'
  | 'adopted-thread'
  | 'reopened'
  | 'joined'
  | 'refired'
  | 'repeat'
  | 'repeat-told'
  | 'closed-by-person'
  | 'parked'
  | 'still-parked'
  | 'unparked'
  | 'alert-resolved'
  | 'resolved'
  | 'resolved-after-close'
  | 'already-resolved'
  | 'stale-resolve'
  | 'unknown-resolve'
  | 'acknowledged'
  | 'already-acknowledged'
  | 'already-acknowledged-by-another'
  | 'unacknowledged'
  | 'not-acknowledged'
  | 'too-late'
  | 'not-resolved'
  | 'not-current'
  | 'resolved-by-person'
  | 'reopened-by-person'
  | 'silence-asked'
  | 'silence-pending'
  | 'silenced'
  | 'silence-failed'
  | 'silence-moved'
  | 'silence-ended'
  | 'not-silenced'
  | 'already-applied'
  | 'reaction-seen'
  | 'reaction-noted';

/** What an operator chose, and what is not pure: the time and the ids. */
export interface TransitionContext {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly rules: Rules;
  /** A new incident id for this moment. */
  readonly newIncidentId: (now: number) => string;
  /** What is known of alerts that incidents do not hold in full. */
  readonly rolls: Rolls;
}

export interface Rules {
  readonly environment: string;
  /** A re-fire within this time after the end reopens the same thread. Milliseconds. */
  readonly reopenWindowMs: number;
  readonly repeatReplies: 'unacked' | 'always' | 'never';
  /** At most one repeat reply per incident in this time; as long, episodes that a person closed stay closed. */
  readonly repeatIntervalMs: number;
}

export interface Transition {
  /** The same object as before when nothing changed. */
  readonly next: ThreadRecord;
  readonly reason: TransitionReason;
  /** The incident it was about, when there is one. */
  readonly incidentId?: string;
}

/** A late duplicate of a resolved alert has this long to be resolved again. Milliseconds. */
export const PARK_MS = 2 * 60_000;
/** Ended episodes are remembered this long. */
export const REMEMBER_CLOSED_MS = 24 * 3_600_000;
/** A repeat of an envelope is known for this long. Milliseconds. */
export const REMEMBER_APPLIED_MS = 10 * 60_000;
/** `lastSeenAt` is kept to this step, so that a repeat within it writes nothing. */
export const LAST_SEEN_STEP_MS = 60_000;
