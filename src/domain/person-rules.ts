import type { PersonEvent, Transition, TransitionContext, TransitionReason } from './events.js';
import { firingCount, isOpen, type Actor, type Incident } from './incident.js';
import type { ThreadRecord } from './record.js';
import { silenceActs } from './silence-rules.js';
import { told, withCurrent } from './thread-change.js';
import type { EntryKind, TimelineEntry } from './timeline.js';

/** What people do to an incident, from Slack or by REST. */
export const acts = (record: ThreadRecord, event: PersonEvent, { now }: TransitionContext): Transition => {
  const thread = record.current;
  const incidentId = event.incidentId;
  const refuse = (reason: TransitionReason): Transition => ({ next: record, reason, incidentId });
  if (thread?.incident.id !== incidentId) return refuse('not-current');
  const { incident } = thread;
  const change = (
    reason: TransitionReason,
    facts: Partial<Incident>,
    kind: EntryKind,
    entry: Partial<TimelineEntry> = {},
  ): Transition => ({
    next: withCurrent(record, told({ ...thread, incident: { ...incident, ...facts } }, kind, now, entry), now),
    reason,
    incidentId,
  });

  switch (event.type) {
    case 'acknowledge': {
      if (!isOpen(incident)) return refuse('too-late');
      if (incident.acknowledged !== null) {
        const same = sameActor(incident.acknowledged.by, event.actor);
        return refuse(same ? 'already-acknowledged' : 'already-acknowledged-by-another');
      }
      const acknowledged = { by: event.actor, at: now, ...(event.via && { via: event.via }) };
      const by = { actor: event.actor };
      return change('acknowledged', { status: 'acknowledged', acknowledged }, 'acknowledged', by);
    }
    case 'unacknowledge':
      if (!isOpen(incident)) return refuse('too-late');
      if (incident.acknowledged === null) return refuse('not-acknowledged');
      return change('unacknowledged', { status: 'firing', acknowledged: null }, 'unacknowledged', {
        actor: event.actor,
      });
    case 'resolve': {
      if (!isOpen(incident)) return refuse('already-resolved');
      const { actor, actionTaken, rootCause } = event;
      const resolved = {
        by: actor,
        at: now,
        ...(actionTaken === undefined ? {} : { actionTaken }),
        ...(rootCause === undefined ? {} : { rootCause }),
      };
      const stillFiring = firingCount(incident);
      return change('resolved-by-person', { status: 'resolved', resolved }, 'resolved', {
        actor,
        loud: true,
        stillFiring,
      });
    }
    case 'reopen':
      if (isOpen(incident)) return refuse('not-resolved');
      return change(
        'reopened-by-person',
        { status: 'firing', resolved: null, acknowledged: null, reopened: incident.reopened + 1, repeatedAt: now },
        'reopened',
        { actor: event.actor, loud: true },
      );
    default:
      return silenceActs(record, thread, event, now);
  }
};

const sameActor = (a: Actor, b: Actor): boolean => a.kind === b.kind && a.id === b.id;
