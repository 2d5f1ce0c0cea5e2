import type { Alert, SeverityClass } from './alert.js';
import type { Matcher } from './matcher.js';

export type IncidentStatus = 'firing' | 'acknowledged' | 'resolved';

/** A person (a Slack user id, or the name that a REST caller gave). */
export interface Actor {
  readonly kind: 'slack' | 'rest';
  readonly id: string;
}

/** A person as plain text. */
export const actorName = ({ kind, id }: Actor): string => (kind === 'slack' ? `Slack user ${id}` : id);

/** An alert of an incident, in its present episode. */
export interface AlertState extends Alert {
  /** When a webhook last named it, to the minute: repeats within a minute write nothing. */
  readonly lastSeenAt: number;
  /** When we learnt that the source resolved it; absent while it fires. */
  readonly resolvedAt?: number;
  /** Resolved, but said to fire again in the same episode: believed at this time unless resolved once more. */
  readonly parkedUntil?: number;
}

/** An alert that fires, as a webhook told of it just now. */
export const firingState = (alert: Alert, now: number): AlertState => ({ ...alert, endsAt: null, lastSeenAt: now });

export interface Acknowledgement {
  readonly by: Actor;
  readonly at: number;
  /** Made by a reaction: the same person takes it back with it. */
  readonly via?: 'reaction';
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

/** Where an alert came from, and so where it is silenced. */
export type AlertServer = 'alertmanager' | 'grafana';

/** A silence that exists in Alertmanager or Grafana. */
export interface Silence {
  /** The silence's id there. */
  readonly id: string;
  readonly server: AlertServer;
  readonly until: number;
  readonly by: Actor;
}

/** A silence that a person asked for: kept until the server took or refused it, so that a crash forgets none. */
export interface SilenceRequest {
  /** Of this request alone. */
  readonly id: string;
  readonly server: AlertServer;
  readonly by: Actor;
  /** When it was asked for. */
  readonly at: number;
  /** End the present silence; else make it or change it as follows. */
  readonly end?: true;
  readonly until: number;
  readonly matchers: readonly Matcher[];
  /** Who made it, as the server shows it. */
  readonly createdBy: string;
  readonly comment: string;
  /** What the person wrote. */
  readonly note?: string;
}

/**
 * Alerts of an incident that are not in `alerts`, in figures. Each of them is a row of the incident's roll
 * (src/domain/roll.ts).
 */
export interface Crowd {
  readonly firing: number;
  readonly resolved: number;
  /** When the first of them began, by the source's clock. */
  readonly startsAt: number;
  /** How many fire, by severity. */
  readonly severities: readonly (readonly [severity: SeverityClass, firing: number])[];
  /** How often alerts were named that are too many for the roll. */
  readonly unfollowed?: number;
}

/** Problems that would each have had a thread, counted in one incident because there are too many. */
export interface Fold {
  /** Of all of them; empty where their names differ too. */
  readonly alertname: string;
  /** Thread keys counted so far. */
  readonly problems: number;
  /** Some values of each label of the thread key, the first that came: many values name the label that explodes. */
  readonly values: readonly (readonly [label: string, values: readonly string[]])[];
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
  /** Firing alerts, and the resolved ones that are still worth naming: all of them, or the most important ones. */
  readonly alerts: readonly AlertState[];
  /** The others. */
  readonly crowd?: Crowd;
  readonly fold?: Fold;
  /** Resolved alerts that were shown and are no longer in `alerts`. */
  readonly resolvedBefore: number;
  readonly openedAt: number;
  readonly acknowledged: Acknowledgement | null;
  readonly resolved: Resolution | null;
  readonly silence: Silence | null;
  /** Asked for, not made yet. */
  readonly silencing?: SilenceRequest;
  /** When its last silence ended: the source may not have told of what resolved before. */
  readonly mutedUntil?: number;
  /** How many alerts Alertmanager left out of the latest webhook (`max_alerts`). Nothing is inferred from them. */
  readonly truncated: number;
  /** How often it was opened again. */
  readonly reopened: number;
  /** When a repeat last led to a reply. */
  readonly repeatedAt: number | null;
}

export const isOpen = (incident: Incident): boolean => incident.status !== 'resolved';

/** Those that are held in full. How many fire in all, {@link firingCount} says. */
export const firingAlerts = (incident: Incident): AlertState[] =>
  incident.alerts.filter((alert) => alert.status === 'firing');

export const firingCount = ({ alerts, crowd }: Incident): number => {
  let count = crowd?.firing ?? 0;
  for (const { status } of alerts) if (status === 'firing') count += 1;
  return count;
};

/** Alerts that ended, as far as the present incident has known them. */
export const resolvedCount = ({ alerts, crowd, resolvedBefore }: Incident): number => {
  let count = resolvedBefore + (crowd?.resolved ?? 0);
  for (const { status } of alerts) if (status === 'resolved') count += 1;
  return count;
};

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

/** The name that its alerts have; empty where they have none, or several. */
export const alertnameOf = ({ fold, alerts, lead }: Incident): string =>
  fold?.alertname ?? alerts.find(({ fingerprint }) => fingerprint === lead)?.labels['alertname'] ?? '';

/** Whether problems that are too many are counted in it. */
export const isFold = ({ fold }: Incident): boolean => fold !== undefined;

/** An incident's alerts come from one server: they share a thread key, and its lead says which. */
export const serverOf = (incident: Incident): AlertServer => leadAlert(incident).source ?? 'alertmanager';

/** When the problem began, by the source's clock. */
export const startedAt = (incident: Incident): number => {
  let earliest = incident.crowd?.startsAt ?? Infinity;
  for (const alert of incident.alerts) earliest = Math.min(earliest, alert.startsAt);
  return Number.isFinite(earliest) ? earliest : incident.openedAt;
};
