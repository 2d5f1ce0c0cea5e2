import { isOpen, type AlertState, type Incident } from './incident.js';
import type { IncidentThread } from './record.js';

/** Resolved alerts named in an open incident; older ones become a count once they were shown. */
const KEEP_RESOLVED = 20;

/** In an incident that goes on for days, resolved alerts that everybody saw become a count. */
export const withFewerResolved = (thread: IncidentThread): IncidentThread => {
  const { incident, delivery, timeline } = thread;
  if (!isOpen(incident) || delivery.shownEntry < timeline.last) return thread;
  const over = incident.alerts.filter((alert) => isForgettable(incident, alert));
  if (over.length <= KEEP_RESOLVED) return thread;
  const drop = over.sort((a, b) => (a.resolvedAt ?? 0) - (b.resolvedAt ?? 0)).slice(0, over.length - KEEP_RESOLVED);
  const gone = new Set(drop.map((alert) => alert.fingerprint));
  const alerts = incident.alerts.filter(({ fingerprint }) => !gone.has(fingerprint));
  const resolvedBefore = incident.resolvedBefore + gone.size;
  return { ...thread, incident: { ...incident, alerts, resolvedBefore } };
};

const isForgettable = (incident: Incident, alert: AlertState): boolean =>
  alert.status === 'resolved' && alert.parkedUntil === undefined && alert.fingerprint !== incident.lead;
