import type { AlertState, Incident } from '../domain/incident.js';
import { NEW_DELIVERY, type IncidentThread } from '../domain/record.js';
import { rootFacts, type RootFacts } from '../domain/root-facts.js';
import type { EntryKind, TimelineEntry } from '../domain/timeline.js';

/** Makers of incidents for this folder's specs. */

export const STARTED = Date.parse('2024-01-15T14:30:25Z');
export const RESOLVED = Date.parse('2024-01-15T14:45:30Z');

export const alert = (change: Partial<AlertState> = {}): AlertState => ({
  fingerprint: 'a1',
  status: 'firing',
  labels: {
    alertname: 'DatabaseCriticalFailure',
    severity: 'critical',
    service: 'database',
    cluster: 'production',
    instance: 'db01.example.com',
  },
  annotations: {
    summary: 'Database Critical Failure',
    description: 'MySQL connection completely failed. Immediate action required.',
    runbook_url: 'https://docs.example.com/runbooks/db-failure',
  },
  startsAt: STARTED,
  endsAt: null,
  lastSeenAt: STARTED,
  ...change,
});

/** The same problem on another machine. */
export const alertOn = (instance: string, change: Partial<AlertState> = {}): AlertState => {
  const first = alert();
  return {
    ...first,
    fingerprint: instance,
    labels: { ...first.labels, instance },
    annotations: { summary: `Replica of ${instance} failed`, description: `No connection to ${instance}.` },
    ...change,
  };
};

export const thread = (
  alerts: readonly AlertState[] = [alert()],
  change: Partial<Incident> = {},
  entries: readonly TimelineEntry[] = [],
): IncidentThread => ({
  incident: {
    id: 'INC-20240115143025-0a1b2c3d',
    key: 'DatabaseCriticalFailure|critical|database|production|production',
    environment: 'production',
    status: 'firing',
    severity: 'critical',
    lead: alerts[0]?.fingerprint ?? '',
    alerts,
    resolvedBefore: 0,
    openedAt: STARTED,
    acknowledged: null,
    resolved: null,
    silence: null,
    truncated: 0,
    reopened: 0,
    repeatedAt: null,
    ...change,
  },
  channel: 'C0123456789',
  timeline: { last: entries.at(-1)?.n ?? 0, entries },
  delivery: NEW_DELIVERY,
});

export const facts = (change: Partial<RootFacts> = {}): RootFacts => ({ ...rootFacts(thread()), ...change });

export const entry = (kind: EntryKind, change: Partial<TimelineEntry> = {}): TimelineEntry => ({
  n: 1,
  at: RESOLVED,
  kind,
  loud: false,
  count: 1,
  alerts: [],
  ...change,
});
