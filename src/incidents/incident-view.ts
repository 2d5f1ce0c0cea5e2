import {
  firingCount,
  resolvedCount,
  type Acknowledgement,
  type Actor,
  type AlertState,
  type Fold,
  type Resolution,
  type Silence,
} from '../domain/incident.js';
import { explodingLabels } from '../domain/fold.js';
import { shownKey, type IncidentThread } from '../domain/record.js';
import { incidentTitle } from '../domain/root-facts.js';
import type { TimelineEntry } from '../domain/timeline.js';

const iso = (time: number): string => new Date(time).toISOString();
const isoOrNull = (time: number | null | undefined): string | null =>
  time === null || time === undefined ? null : iso(time);

const actorView = ({ kind, id }: Actor) => ({ kind, id });

const alertView = (alert: AlertState) => ({
  fingerprint: alert.fingerprint,
  status: alert.status,
  labels: alert.labels,
  annotations: alert.annotations,
  starts_at: iso(alert.startsAt),
  ends_at: isoOrNull(alert.endsAt),
  last_seen_at: iso(alert.lastSeenAt),
  resolved_at: isoOrNull(alert.resolvedAt),
});

const acknowledgementView = ({ by, at }: Acknowledgement) => ({ by: actorView(by), at: iso(at) });

const resolutionView = (resolution: Resolution) => ({
  /** Null: the source resolved the last alert. */
  by: resolution.by && actorView(resolution.by),
  at: iso(resolution.at),
  ends_at: isoOrNull(resolution.endsAt),
  action_taken: resolution.actionTaken ?? null,
  root_cause: resolution.rootCause ?? null,
});

const silenceView = ({ id, server, until, by }: Silence) => ({ id, server, until: iso(until), by: actorView(by) });

const entryView = (entry: TimelineEntry) => ({
  n: entry.n,
  at: iso(entry.at),
  kind: entry.kind,
  by: entry.actor ? actorView(entry.actor) : null,
  count: entry.count,
  alerts: entry.alerts,
  note: entry.note ?? null,
});

const deliveryView = ({ delivery, timeline }: IncidentThread) => ({
  /** Whether Slack shows everything that happened. */
  shown: delivery.shownEntry >= timeline.last && delivery.claim === null,
  shown_entry: delivery.shownEntry,
  last_entry: timeline.last,
  attempts: delivery.attempts,
  next_try_at: isoOrNull(delivery.nextTryAt),
  last_error: delivery.lastError && {
    kind: delivery.lastError.kind,
    code: delivery.lastError.code,
    at: iso(delivery.lastError.at),
  },
  moved_from: delivery.movedFrom ?? null,
});

const foldView = (fold: Fold) => ({
  alertname: fold.alertname,
  problems: fold.problems,
  /** Labels of the thread key that have too many values. */
  labels: explodingLabels(fold),
});

/** An incident as GET /incidents shows it. */
export const incidentView = (thread: IncidentThread, defaultChannel: string) => {
  const { incident, channel, timeline, delivery } = thread;
  return {
    id: incident.id,
    status: incident.status,
    severity: incident.severity,
    title: incidentTitle(incident),
    key: shownKey({ key: incident.key, channel: delivery.movedFrom?.channel ?? channel }, defaultChannel),
    environment: incident.environment,
    channel,
    thread_ts: delivery.rootTs,
    opened_at: iso(incident.openedAt),
    acknowledged: incident.acknowledged && acknowledgementView(incident.acknowledged),
    resolved: incident.resolved && resolutionView(incident.resolved),
    silence: incident.silence && silenceView(incident.silence),
    reopened: incident.reopened,
    /** Alerts that the sender left out of its latest webhook. */
    truncated: incident.truncated,
    /** Resolved alerts that are no longer listed. */
    resolved_before: incident.resolvedBefore,
    /** Of all its alerts; `alerts` lists the most important ones, at most 200. */
    alert_counts: { firing: firingCount(incident), resolved: resolvedCount(incident), listed: incident.alerts.length },
    /** Problems that are counted in it because too many incidents are open; else null. */
    folded: incident.fold === undefined ? null : foldView(incident.fold),
    alerts: incident.alerts.map(alertView),
    timeline: timeline.entries.map(entryView),
    delivery: deliveryView(thread),
  };
};

export type IncidentView = ReturnType<typeof incidentView>;

/** An incident with which something is wrong, as far as it can be shown. */
export interface UnshownIncident extends Pick<
  IncidentView,
  'id' | 'status' | 'severity' | 'title' | 'key' | 'channel' | 'thread_ts'
> {
  /** Says that there is more. */
  readonly error: string;
}

const UNSHOWN = 'this incident can not be shown whole (an error of Alert Threader; see its log)';

/** The incident as {@link incidentView} shows it. One that cannot be shown must not keep others from a page. */
export const anyIncidentView = (
  thread: IncidentThread,
  defaultChannel: string,
  onFailure: (error: unknown) => void = () => undefined,
): IncidentView | UnshownIncident => {
  try {
    return incidentView(thread, defaultChannel);
  } catch (error) {
    onFailure(error);
    const { incident, channel, delivery } = thread;
    const { id, status, severity, key } = incident;
    const shown = shownKey({ key, channel }, defaultChannel);
    return { id, status, severity, title: key, key: shown, channel, thread_ts: delivery.rootTs, error: UNSHOWN };
  }
};
