import type { AlertState, Incident, IncidentStatus } from '../../src/domain/incident.js';
import { NEW_DELIVERY, type IncidentThread, type ThreadRecord } from '../../src/domain/record.js';

export const CHANNEL = 'C0123ABCD';
export const KEY = 'DatabaseDown|critical|orders|prod|production';

const alert = (fingerprint: string, status: AlertState['status']): AlertState => ({
  fingerprint,
  status,
  labels: { alertname: 'DatabaseDown', severity: 'critical', service: 'orders — 주문' },
  annotations: { summary: 'The database is "down"\nand has been for a while' },
  startsAt: 1_763_000_000_000,
  endsAt: null,
  lastSeenAt: 1_763_000_000_000,
});

export interface ThreadFacts {
  readonly status?: IncidentStatus;
  readonly firing?: readonly string[];
  readonly ended?: readonly string[];
  readonly rootTs?: string;
  readonly channel?: string;
  readonly resolvedAt?: number;
}

/** Incident ids in the order of time. */
export const incidentId = (n: number): string => `INC-20261121${String(n).padStart(6, '0')}-0000abcd`;

export const thread = (id: string, facts: ThreadFacts = {}): IncidentThread => {
  const { status = 'firing', firing = ['f1'], ended = [], rootTs = null, channel = CHANNEL, resolvedAt } = facts;
  const alerts = [
    ...firing.map((fingerprint) => alert(fingerprint, 'firing')),
    ...ended.map((fingerprint) => alert(fingerprint, 'resolved')),
  ];
  const incident: Incident = {
    id,
    key: KEY,
    environment: 'production',
    status,
    severity: 'critical',
    lead: alerts[0]?.fingerprint ?? '',
    alerts,
    resolvedBefore: 0,
    openedAt: 1_763_000_000_000,
    acknowledged: null,
    resolved: resolvedAt === undefined ? null : { by: null, at: resolvedAt },
    silence: null,
    truncated: 0,
    reopened: 0,
    repeatedAt: null,
  };
  return { incident, channel, timeline: { last: 0, entries: [] }, delivery: { ...NEW_DELIVERY, rootTs } };
};

export const resolved = (n: number, at = 1_763_000_000_000 + n): IncidentThread =>
  thread(incidentId(n), { status: 'resolved', firing: [], ended: ['f1'], resolvedAt: at });

/** A change that puts an incident in the record's place. */
export const holding =
  (current: IncidentThread | null, rest: Partial<ThreadRecord> = {}) =>
  (record: ThreadRecord): ThreadRecord => ({ ...record, ...rest, current });

/** A change that leaves nothing to remember. */
export const emptied = (record: ThreadRecord): ThreadRecord => ({
  ...record,
  current: null,
  earlier: [],
  closed: {},
  due: null,
  ...('adopt' in record ? { adopt: undefined } : {}),
});

/** Counts in a field that needs no incident. */
export const counted = (record: ThreadRecord): ThreadRecord => ({
  ...record,
  adopt: String(Number(record.adopt ?? 0) + 1),
});
