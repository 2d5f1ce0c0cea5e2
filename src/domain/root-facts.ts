import { foldDescription, foldTitle } from './fold.js';
import {
  alertIn,
  firingAlerts,
  firingCount,
  leadAlert,
  resolvedCount,
  startedAt,
  type Fold,
  type Incident,
} from './incident.js';
import type { Alert } from './alert.js';
import { firstOf, namesWithin } from './alert-names.js';
import type { IncidentThread } from './record.js';

/** Alerts named one by one on a card; more are counted. */
const MAX_INSTANCES = 5;

/** What the thread's first message tells, free of layout: two equal digests mean that no edit is needed. */
export interface RootFacts {
  readonly status: Incident['status'];
  readonly severity: string;
  readonly title: string;
  readonly alertname: string;
  readonly environment: string;
  readonly service: string;
  readonly cluster: string;
  /** Instances that fire (once over: that fired), at most 5; the lead's first. */
  readonly instances: readonly string[];
  /** Firing instances beyond those named. */
  readonly moreInstances: number;
  /** Of the only instance, where it has one beside its name. */
  readonly pod?: string;
  readonly firing: number;
  readonly resolved: number;
  /** Alerts that Alertmanager left out of its webhook. */
  readonly truncated: number;
  readonly description: string;
  readonly runbook: string;
  readonly links: Readonly<NonNullable<Alert['links']>>;
  readonly startedAt: number;
  readonly reopened: number;
  readonly acknowledged: Incident['acknowledged'];
  readonly resolution: Incident['resolved'];
  readonly silence: Incident['silence'];
  /** Set when the thread is not where it was meant to be. */
  readonly movedFrom: { readonly channel: string; readonly code: string } | null;
}

export const alertTitle = (alert: Pick<Alert, 'labels' | 'annotations'>): string =>
  firstOf(alert.annotations, 'summary', 'title') || firstOf(alert.labels, 'alertname') || 'Alert';

export const alertDescription = (alert: Pick<Alert, 'annotations'>): string =>
  firstOf(alert.annotations, 'description', 'message');

/** How people call the incident; by its thread key where the alert with its title is missing. Untrusted text. */
export const incidentTitle = (incident: Incident): string => {
  if (incident.fold !== undefined) return foldTitle(incident.fold);
  const lead = alertIn(incident, incident.lead);
  return lead === undefined ? incident.key : alertTitle(lead);
};

export const rootFacts = (thread: Pick<IncidentThread, 'incident' | 'delivery'>): RootFacts => {
  const { incident, delivery } = thread;
  const lead = leadAlert(incident);
  const { crowd, fold } = incident;
  const firing = firingAlerts(incident);
  const isFiring = firingCount(incident) > 0;
  const named = fold !== undefined ? [] : isFiring ? firing : incident.alerts;
  const unnamed = fold !== undefined ? 0 : isFiring ? (crowd?.firing ?? 0) : (crowd?.resolved ?? 0);
  const nameOf = namesWithin(incident.alerts);
  // The one that the title is about comes first.
  const names = [...new Set([...(named.includes(lead) ? [nameOf(lead)] : []), ...named.map(nameOf).sort()])].filter(
    (name) => name !== '',
  );
  const pod = names.length === 1 ? firstOf(lead.labels, 'pod') : '';
  return {
    status: incident.status,
    severity: incident.severity,
    title: incidentTitle(incident),
    alertname: firstOf(lead.labels, 'alertname'),
    environment: incident.environment,
    service: fold === undefined ? firstOf(lead.labels, 'service') : shared(fold, 'service'),
    cluster: fold === undefined ? firstOf(lead.labels, 'cluster') : shared(fold, 'cluster'),
    instances: names.slice(0, MAX_INSTANCES),
    moreInstances: Math.max(0, names.length - MAX_INSTANCES) + unnamed,
    ...(pod === '' || pod === names[0] ? {} : { pod }),
    firing: firingCount(incident),
    resolved: resolvedCount(incident),
    truncated: incident.truncated + (crowd?.unfollowed ?? 0),
    description: fold === undefined ? alertDescription(lead) : foldDescription(fold),
    runbook: firstOf(lead.annotations, 'runbook_url', 'runbook'),
    links: lead.links ?? {},
    startedAt: startedAt(incident),
    reopened: incident.reopened,
    acknowledged: incident.acknowledged,
    resolution: incident.resolved,
    silence: incident.silence,
    movedFrom: delivery.movedFrom ?? null,
  };
};

/** The value of a label that all problems of a fold have in common. */
const shared = ({ values }: Fold, label: string): string => {
  const [only = '', other] = values.find(([name]) => name === label)?.[1] ?? [];
  return other === undefined ? only : '';
};

/** cyrb53, a 53-bit non-cryptographic hash (public domain): equal facts give equal digests. */
const hash = (text: string): string => {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
};

/** `<status>:<hash>`: the status stands apart, since an edit that changes it goes before one that changes counts. */
export const rootDigest = (facts: RootFacts): string => `${facts.status}:${hash(JSON.stringify(facts))}`;
