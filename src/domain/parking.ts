import { PARK_MS } from './events.js';
import { placed } from './in-full.js';
import { isOpen, type AlertState, type Incident } from './incident.js';
import type { IncidentThread, ThreadRecord } from './record.js';
import { NO_ROLLS, type Rolls } from './roll.js';
import {
  aboutAlert,
  addEntry,
  broadcastIf,
  isCritical,
  withAlert,
  withCurrent,
  withSeverity,
} from './thread-change.js';

/** A duplicate that arrived late must not reopen; a source that timed out and came back must. Time tells them apart. */
export const park = (record: ThreadRecord, thread: IncidentThread, alert: AlertState, now: number): ThreadRecord =>
  withCurrent(record, withAlert(thread, { ...alert, lastSeenAt: now, parkedUntil: now + PARK_MS }), now);

export const unpark = (alert: AlertState): AlertState => {
  const { parkedUntil: _, ...rest } = alert;
  return rest;
};

/** When the next parked alert of the current incident is to be believed; null when none is parked. */
export const nextParked = (incident: Incident): number | null => {
  let first: number | null = null;
  for (const { parkedUntil } of incident.alerts) {
    if (parkedUntil !== undefined && (first === null || parkedUntil < first)) first = parkedUntil;
  }
  return first;
};

/** The incident goes on: firing again, nobody's yet. */
export const reopened = (thread: IncidentThread, now: number, alert: AlertState, rolls: Rolls): IncidentThread => {
  const { incident } = placed(thread, alert, rolls);
  const open: IncidentThread = {
    ...thread,
    incident: {
      ...incident,
      status: 'firing',
      resolved: null,
      acknowledged: null,
      reopened: incident.reopened + 1,
      repeatedAt: now,
    },
  };
  return withSeverity(
    addEntry(open, {
      at: now,
      kind: 'reopened',
      loud: true,
      ...broadcastIf(isCritical(incident.severity)),
      ...aboutAlert(open, alert),
    }),
    now,
  );
};

export const refired = (thread: IncidentThread, now: number, alert: AlertState, rolls: Rolls): IncidentThread =>
  withSeverity(
    addEntry(placed(thread, alert, rolls), {
      at: now,
      kind: 'refired',
      loud: true,
      ...broadcastIf(thread.incident.acknowledged !== null && isCritical(thread.incident.severity)),
      ...aboutAlert(thread, alert),
    }),
    now,
  );

/** Believes every parked alert whose time has come. */
export const settleParked = (record: ThreadRecord, now: number): ThreadRecord => {
  if (record.current === null) return record;
  let thread = record.current;
  if ((nextParked(thread.incident) ?? Infinity) > now) return record;
  for (const alert of thread.incident.alerts) {
    if (alert.parkedUntil === undefined || alert.parkedUntil > now) continue;
    const { resolvedAt: _, ...rest } = unpark(alert);
    const back: AlertState = { ...rest, status: 'firing', endsAt: null };
    // What is parked is held in full, so that no roll is asked.
    thread = isOpen(thread.incident) ? refired(thread, now, back, NO_ROLLS) : reopened(thread, now, back, NO_ROLLS);
  }
  return thread === record.current ? record : withCurrent(record, thread, now);
};
