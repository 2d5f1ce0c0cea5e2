import { forgetClosed } from './closed-episodes.js';
import type { IncidentEvent, Transition, TransitionContext } from './events.js';
import { fires } from './firing-rules.js';
import { settleParked } from './parking.js';
import { acts } from './person-rules.js';
import type { ThreadRecord } from './record.js';
import { resolves } from './resolving-rules.js';

/** Every change of an incident, in one pure place: what happened, and what the record is then. */
export const transition = (record: ThreadRecord, event: IncidentEvent, context: TransitionContext): Transition => {
  const settled = settleParked(record, context.now);
  if (event.type !== 'alert') return acts(settled, event, context);
  const { alert, truncated = settled.current?.incident.truncated ?? 0 } = event;
  return (alert.status === 'firing' ? fires : resolves)(settled, alert, truncated, context);
};

/** What time alone changes: parked alerts are believed, old episodes forgotten. */
export const timePasses = (record: ThreadRecord, now: number): ThreadRecord =>
  forgetClosed(settleParked(record, now), now);
