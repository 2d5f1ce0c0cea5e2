import { DEFAULT_SEVERITY, type AlertStatus } from '../domain/alert.js';
import type { ReceivedOutcome } from '../incidents/receive.js';
import { isRefused, type Payload, type TakenAlert } from './parse-payload.js';

/** What became of one alert. */
export interface AlertResult {
  /** The thread key; null where the alert was refused. */
  readonly key: string | null;
  /** Null where the thread isn't there yet (`pending`) or there is none. */
  readonly thread_ts: string | null;
  /** The alert's own. */
  readonly status: AlertStatus | null;
  readonly alertname: string | null;
  readonly severity: string | null;
  readonly incident_id?: string;
  /** The thread is still to be posted. */
  readonly pending?: true;
  /** Something that the sender may want to know; the alert was taken. */
  readonly note?: string;
  /** The alert was refused: where and why. */
  readonly error?: string;
}

/** Answer of POST /alert. */
export interface WebhookAnswer {
  readonly ok: true;
  readonly count: number;
  /** The webhook's; where it says none, firing if any alert fires. */
  readonly status: AlertStatus;
  readonly group_key: string | null;
  readonly thread_store: string;
  /** In the webhook's order. */
  readonly results: readonly AlertResult[];
}

const refused = (error: string): AlertResult => ({
  key: null,
  thread_ts: null,
  status: null,
  alertname: null,
  severity: null,
  error,
});

/** An empty label counts as missing, as in the thread key. */
const orElse = (label: string | undefined, fallback: string): string =>
  label === undefined || label === '' ? fallback : label;

/** By the reason why an alert belongs to no incident. */
const NOTHING_SHOWN: ReadonlyMap<string, string> = new Map([
  ['unknown-resolve', 'resolved, but no thread of it is known: nothing is shown'],
  ['already-resolved', 'resolved before: nothing new is shown'],
]);

const FOLDED = 'too many incidents are open: counted in one thread with other problems';

const noteOf = (taken: TakenAlert, outcome: ReceivedOutcome): string | undefined => {
  if (outcome.incidentId !== undefined) return outcome.folded ? joined(taken.note, FOLDED) : taken.note;
  const ignored = NOTHING_SHOWN.get(outcome.reason) ?? `nothing is shown (${outcome.reason})`;
  return joined(taken.note, ignored);
};

const joined = (note: string | undefined, other: string): string => (note === undefined ? other : `${note}; ${other}`);

const resultOf = (taken: TakenAlert, outcome: ReceivedOutcome): AlertResult => {
  const { labels, status } = taken.alert;
  const note = noteOf(taken, outcome);
  const result: { -readonly [K in keyof AlertResult]: AlertResult[K] } = {
    key: outcome.key,
    thread_ts: outcome.threadTs,
    status,
    alertname: orElse(labels['alertname'], 'unknown'),
    severity: orElse(labels['severity'], DEFAULT_SEVERITY),
  };
  if (outcome.incidentId !== undefined) result.incident_id = outcome.incidentId;
  if (outcome.pending) result.pending = true;
  if (note !== undefined) result.note = note;
  return result;
};

const statusOf = (payload: Payload): AlertStatus =>
  payload.status ??
  (payload.alerts.some((alert) => !isRefused(alert) && alert.alert.status === 'firing') ? 'firing' : 'resolved');

/** @param outcomes of the alerts that were not refused, in order */
export const webhookAnswer = (
  payload: Payload,
  outcomes: readonly ReceivedOutcome[],
  threadStore: string,
): WebhookAnswer => {
  let next = 0;
  const results = payload.alerts.map((alert) => {
    if (isRefused(alert)) return refused(alert.error);
    const outcome = outcomes[next++];
    if (outcome === undefined) throw new Error(`${outcomes.length} outcomes for more alerts`);
    return resultOf(alert, outcome);
  });
  return {
    ok: true,
    count: results.length,
    status: statusOf(payload),
    group_key: payload.groupKey,
    thread_store: threadStore,
    results,
  };
};
