import { instanceName } from './alert-names.js';
import { severityOf, severityRank, type Alert } from './alert.js';
import { worstOf } from './crowd.js';
import { alertIn, firingAlerts, firingCount, putAlert, type AlertState, type Incident } from './incident.js';
import type { IncidentThread, ThreadRecord } from './record.js';
import { append, bound, extended, type EntryKind, type TimelineEntry } from './timeline.js';

/** Small steps that the rules are made of. Each returns a new object and leaves its input alone. */

/** The current thread changed: Slack's image of it is behind since `now`, or since longer. */
export const withCurrent = (record: ThreadRecord, current: IncidentThread, now: number): ThreadRecord => ({
  ...record,
  current,
  due: record.due !== null && record.due < now ? record.due : now,
});

export const addEntry = (thread: IncidentThread, entry: Omit<TimelineEntry, 'n'>): IncidentThread => {
  const { shownEntry, claim } = thread.delivery;
  const frozen = Math.max(shownEntry, claim?.last ?? 0);
  // Of a crowd thousands join in one webhook: they are one entry from the start.
  const merged = thread.incident.crowd && extended(thread.timeline, entry, frozen);
  const timeline = merged ?? bound(append(thread.timeline, entry), shownEntry, frozen);
  return { ...thread, timeline };
};

const MOST_LETTERS = 80;

/** What an entry says of the alert that it is about: also its name, where the incident may not hold it in full. */
export const aboutAlert = (
  { incident }: IncidentThread,
  alert: Alert,
): Pick<TimelineEntry, 'count' | 'alerts' | 'names'> => ({
  count: 1,
  alerts: [alert.fingerprint],
  ...(incident.crowd === undefined ? {} : { names: [instanceName(alert).slice(0, MOST_LETTERS)] }),
});

/** Adds an entry that is quiet and stands for one happening, unless `entry` says otherwise. */
export const told = (
  thread: IncidentThread,
  kind: EntryKind,
  now: number,
  entry: Partial<TimelineEntry> = {},
): IncidentThread => addEntry(thread, { at: now, kind, loud: false, count: 1, alerts: [], ...entry });

export const withAlert = (thread: IncidentThread, alert: AlertState): IncidentThread => ({
  ...thread,
  incident: { ...thread.incident, alerts: putAlert(thread.incident.alerts, alert) },
});

/**
 * The alert that gives the card its words: the present one while it fires as badly as any, else the worst and oldest.
 * Of those that began together the first by name, so that a card goes through a rack's machines in their order.
 */
const chooseLead = (incident: Incident, firing: readonly AlertState[]): string => {
  const rank = (alert: AlertState): number => severityRank(severityOf(alert));
  const present = alertIn(incident, incident.lead);
  const worst = Math.max(...firing.map(rank));
  if (present?.status === 'firing' && rank(present) === worst) return incident.lead;
  let first: AlertState | undefined;
  for (const alert of firing) {
    if (rank(alert) === worst && (first === undefined || leadsBefore(alert, first))) first = alert;
  }
  return first?.fingerprint ?? incident.lead;
};

const worse = (a: string | undefined, b: string | undefined): string =>
  a === undefined || (b !== undefined && severityRank(b) > severityRank(a)) ? (b ?? '') : a;

const leadsBefore = (a: AlertState, b: AlertState): boolean => {
  if (a.startsAt !== b.startsAt) return a.startsAt < b.startsAt;
  const [name, other] = [instanceName(a), instanceName(b)];
  return name === other ? a.fingerprint < b.fingerprint : name < other;
};

/** Brings severity and lead in line with what fires. A rise of an open incident is loud and clears the acknowledgement. */
export const withSeverity = (thread: IncidentThread, now: number): IncidentThread => {
  const { incident } = thread;
  if (firingCount(incident) === 0) return thread;
  const firing = firingAlerts(incident);
  const lead = firing.length === 0 ? incident.lead : chooseLead(incident, firing);
  const severity = worse(
    firing.length === 0 ? undefined : severityOf(alertIn(incident, lead) ?? { labels: {} }),
    worstOf(incident.crowd),
  );
  if (lead === incident.lead && severity === incident.severity) return thread;
  const changed = { ...thread, incident: { ...incident, lead, severity } };
  if (severityRank(severity) <= severityRank(incident.severity)) return changed;
  const risen: IncidentThread = {
    ...changed,
    incident: { ...changed.incident, status: 'firing', acknowledged: null },
  };
  return addEntry(risen, {
    at: now,
    kind: 'severity-rose',
    loud: true,
    ...broadcastIf(isCritical(severity)),
    count: 1,
    alerts: [lead],
    from: incident.severity,
  });
};

/** The same after an alert has ended: as long as the lead fires with the incident's severity, both are what they were. */
export const withLowerSeverity = (thread: IncidentThread, now: number): IncidentThread => {
  const { incident } = thread;
  const lead = alertIn(incident, incident.lead);
  const isStill = lead?.status === 'firing' && severityOf(lead) === incident.severity;
  return isStill ? thread : withSeverity(thread, now);
};

export const isCritical = (severity: string): boolean => severity.toLowerCase() === 'critical';

export const broadcastIf = (wanted: boolean): { broadcast?: true } => (wanted ? { broadcast: true } : {});
