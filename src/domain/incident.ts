import type { Alert } from './alert.js';

export type IncidentStatus = 'firing' | 'acknowledged' | 'resolved';

/** A person (a Slack user id, or the name that a REST caller gave). */
export interface Actor {
  readonly kind: 'slack' | 'rest';
  readonly id: string;
}

/** An alert of an incident, in its present episode. */
export interface AlertState extends Alert {
  /** When a webhook last named it, to the minute: repeats within a minute write nothing. */
  readonly lastSeenAt: number;
  /** When we learnt that the source resolved it; absent while it fires. */
  readonly resolvedAt?: number;
  /** Resolved, but said to fire again in the same episode: believed at this time unless resolved once more. */
  readonly parkedUntil?: number;
}

export interface Acknowledgement {
  readonly by: Actor;
  readonly at: number;
}

export interface Resolution {
  /** A person, or null when the source resolved the last alert. */
  readonly by: Actor | null;
  readonly at: number;
  /** When the problem ended by the source's clock, where it said so. */
  readonly endsAt?: number;
  readonly actionTaken?: string;
  readonly rootCause?: string;
}

export interface Silence {
  /** The silence's id in Alertmanager or Grafana. */
  readonly id: string;
  readonly until: number;
  readonly by: Actor;
}

/** One problem, from its first alert until it is over. */
export interface Incident {
  /** `INC-YYYYMMDDHHMMSS-xxxxxxxx` (UTC, 8 hex digits). */
  readonly id: string;
  /** The thread key, without a channel. */
  readonly key: string;
  readonly environment: string;
  readonly status: IncidentStatus;
  /** The highest severity that fires; once over, the highest that fired last. */
  readonly severity: string;
  /** Fingerprint of the alert that gives the card its title and texts. Always in `alerts`. */
  readonly lead: string;
  /** Firing alerts, and the resolved ones that are still worth naming. */
  readonly alerts: readonly AlertState[];
  /** Resolved alerts that were shown and are no longer in `alerts`. */
  readonly resolvedBefore: number;
  readonly openedAt: number;
  readonly acknowledged: Acknowledgement | null;
  readonly resolved: Resolution | null;
  readonly silence: Silence | null;
  /** How many alerts Alertmanager left out of the latest webhook (`max_alerts`). Nothing is inferred from them. */
  readonly truncated: number;
  /** How often it was opened again. */
  readonly reopened: number;
  /** When a repeat last led to a reply. */
  readonly repeatedAt: number | null;
}

export const isOpen = (incident: Incident): boolean => incident.status !== 'resolved';

export const firingAlerts = (incident: Incident): AlertState[] =>
  incident.alerts.filter((alert) => alert.status === 'firing');

/** The incident's state of an alert. */
export const alertIn = (incident: Incident, fingerprint: string): AlertState | undefined => {
  for (const alert of incident.alerts) if (alert.fingerprint === fingerprint) return alert;
  return undefined;
};

/** Puts the alert in the place of its earlier state, or at the end. */
export const putAlert = (alerts: readonly AlertState[], alert: AlertState): readonly AlertState[] => {
  const at = alerts.findIndex(({ fingerprint }) => fingerprint === alert.fingerprint);
  return at < 0 ? [...alerts, alert] : alerts.with(at, alert);
};

export const leadAlert = (incident: Incident): AlertState => {
  const lead = alertIn(incident, incident.lead);
  if (lead === undefined) throw new Error(`incident ${incident.id}: lead alert ${incident.lead} is missing`);
  return lead;
};

/** When the problem began, by the source's clock. */
export const startedAt = (incident: Incident): number => {
  let earliest = Infinity;
  for (const alert of incident.alerts) earliest = Math.min(earliest, alert.startsAt);
  return Number.isFinite(earliest) ? earliest : incident.openedAt;
};

let second = { at: NaN, text: '' };

/** `YYYYMMDDHHMMSS` in UTC. In a storm thousands of incidents share a second: it is written out once. */
const stamp = (now: number): string => {
  const at = Math.floor(now / 1_000);
  if (at !== second.at) second = { at, text: new Date(now).toISOString().replace(/\D/g, '').slice(0, 14) };
  return second.text;
};

/** Makes an incident id from a time and 8 random hex digits. */
export const incidentId = (now: number, random: string): string => `INC-${stamp(now)}-${random}`;
