import type { TransitionReason } from '../domain/events.js';

export const ALERT_OUTCOMES = [
  'opened',
  'reopened',
  'joined',
  'refired',
  'repeated',
  'resolved',
  'stale',
  'unknown',
  'parked',
  'closed',
  'refused',
  'other',
] as const;
export type AlertOutcome = (typeof ALERT_OUTCOMES)[number];

/** What the reasons of a transition mean for whoever counts alerts. */
const OUTCOME_OF = new Map<string, AlertOutcome>(
  Object.entries({
    opened: 'opened',
    'adopted-thread': 'opened',
    reopened: 'reopened',
    joined: 'joined',
    refired: 'refired',
    repeat: 'repeated',
    'repeat-told': 'repeated',
    'alert-resolved': 'resolved',
    resolved: 'resolved',
    'resolved-after-close': 'resolved',
    'already-resolved': 'stale',
    'stale-resolve': 'stale',
    unparked: 'stale',
    'unknown-resolve': 'unknown',
    parked: 'parked',
    'still-parked': 'parked',
    'closed-by-person': 'closed',
  } as const satisfies Partial<Record<TransitionReason, AlertOutcome>>),
);

/** @param reason of a transition by an alert */
export const alertOutcome = (reason: string): AlertOutcome => OUTCOME_OF.get(reason) ?? 'other';
