import { forgetClosed } from './closed-episodes.js';
import type { AlertEvent, IncidentEvent, Transition, TransitionContext } from './events.js';
import { fires } from './firing-rules.js';
import { withinBounds } from './in-full.js';
import { settleParked } from './parking.js';
import { acts } from './person-rules.js';
import type { ThreadRecord } from './record.js';
import type { Rolls } from './roll.js';
import { resolves } from './resolving-rules.js';

/** Every change of an incident, in one pure place: what happened, and what the record is then. */
export const transition = (record: ThreadRecord, event: IncidentEvent, context: TransitionContext): Transition => {
  const settled = settleParked(record, context.now);
  if (event.type !== 'alert') return acts(settled, event, context);
  const { alert, truncated = settled.current?.incident.truncated ?? 0 } = event;
  return alert.status === 'firing'
    ? fires(settled, event, truncated, context)
    : resolves(settled, alert, truncated, context);
};

/** What a webhook says of a record, alert by alert, in one change. */
export const applyAlerts = (
  record: ThreadRecord,
  events: readonly AlertEvent[],
  context: TransitionContext,
): { readonly next: ThreadRecord; readonly results: readonly Omit<Transition, 'next'>[] } => {
  let next = record;
  const results = events.map((event): Omit<Transition, 'next'> => {
    const result = transition(next, event, context);
    next = result.next;
    return { reason: result.reason, ...(result.incidentId === undefined ? {} : { incidentId: result.incidentId }) };
  });
  return { next: next === record ? record : bounded(next, context.rolls), results };
};

const bounded = (record: ThreadRecord, rolls: Rolls): ThreadRecord => {
  const { current } = record;
  if (current === null) return record;
  const incident = withinBounds(current.incident, rolls);
  return incident === current.incident ? record : { ...record, current: { ...current, incident } };
};

/** What time alone changes: parked alerts are believed, old episodes forgotten. */
export const timePasses = (record: ThreadRecord, now: number): ThreadRecord =>
  forgetClosed(settleParked(record, now), now);
