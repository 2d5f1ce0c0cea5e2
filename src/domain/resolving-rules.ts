import type { Alert } from './alert.js';
import type { Transition, TransitionContext } from './events.js';
import { opens } from './firing-rules.js';
import { counted } from './crowd.js';
import { alertIn, firingCount, isOpen, type AlertState } from './incident.js';
import { ownValue } from './own-value.js';
import { unpark } from './parking.js';
import type { IncidentThread, ThreadRecord } from './record.js';
import { memberId, type Member } from './roll.js';
import { aboutAlert, addEntry, withAlert, withCurrent, withLowerSeverity } from './thread-change.js';

/** The source says that an alert is over. */
export const resolves = (
  record: ThreadRecord,
  alert: Alert,
  truncated: number,
  context: TransitionContext,
): Transition => {
  if (record.adopt !== undefined) return endsAdopted(record, alert, truncated, context);
  const thread = record.current;
  const known = thread === null ? undefined : alertIn(thread.incident, alert.fingerprint);
  const member =
    known === undefined && thread?.incident.crowd !== undefined
      ? context.rolls.get(thread.incident.id, memberId(alert.fingerprint))
      : undefined;
  if (thread !== null && member !== undefined) return memberResolves(record, thread, member, alert, context);
  if (thread === null || known === undefined) {
    const closed = ownValue(record.closed, alert.fingerprint) !== undefined;
    return { next: record, reason: closed ? 'already-resolved' : 'unknown-resolve' };
  }
  const incidentId = thread.incident.id;
  if (known.parkedUntil !== undefined) {
    return { next: withCurrent(record, withAlert(thread, unpark(known)), context.now), reason: 'unparked', incidentId };
  }
  if (known.status === 'resolved') return { next: record, reason: 'already-resolved', incidentId };
  // Webhooks overtake each other: this end belongs to an episode before the running one.
  if (alert.endsAt !== null && alert.endsAt < known.startsAt) {
    return { next: record, reason: 'stale-resolve', incidentId };
  }
  const ended = withAlert(thread, endOf(known, alert, context.now));
  if (!isOpen(thread.incident)) {
    return { next: { ...record, current: ended }, reason: 'resolved-after-close', incidentId };
  }
  return { ...alertEnded(record, ended, alert, context.now), incidentId };
};

/** An alert that is known by its row alone is over. */
const memberResolves = (
  record: ThreadRecord,
  thread: IncidentThread,
  member: Member,
  alert: Alert,
  { now, rolls }: TransitionContext,
): Transition => {
  const { incident } = thread;
  const incidentId = incident.id;
  if (member.status !== 'firing') return { next: record, reason: 'already-resolved', incidentId };
  if (alert.endsAt !== null && alert.endsAt < member.startsAt)
    return { next: record, reason: 'stale-resolve', incidentId };
  const after: Member = { ...member, status: 'resolved', at: now };
  rolls.set(incidentId, memberId(alert.fingerprint), after);
  const ended = { ...thread, incident: { ...incident, crowd: counted(incident.crowd, member, after) } };
  if (!isOpen(incident)) return { next: { ...record, current: ended }, reason: 'resolved-after-close', incidentId };
  return { ...alertEnded(record, ended, alert, now), incidentId };
};

const endOf = (known: AlertState, alert: Alert, now: number): AlertState => ({
  ...known,
  annotations: { ...known.annotations, ...alert.annotations },
  status: 'resolved',
  endsAt: alert.endsAt,
  resolvedAt: now,
  lastSeenAt: now,
});

const alertEnded = (record: ThreadRecord, thread: IncidentThread, alert: Alert, now: number): Transition => {
  if (firingCount(thread.incident) > 0) {
    const entry = { at: now, kind: 'alert-resolved', loud: false, ...aboutAlert(thread, alert) } as const;
    const told = thread.incident.fold === undefined ? addEntry(thread, entry) : thread;
    return { next: withCurrent(record, withLowerSeverity(told, now), now), reason: 'alert-resolved' };
  }
  const over: IncidentThread = {
    ...thread,
    incident: {
      ...thread.incident,
      status: 'resolved',
      resolved: { by: null, at: now, ...(alert.endsAt === null ? {} : { endsAt: alert.endsAt }) },
    },
  };
  const told = addEntry(over, { at: now, kind: 'resolved', loud: true, ...aboutAlert(over, alert) });
  return { next: withCurrent(record, told, now), reason: 'resolved' };
};

/** The earlier version left a thread, and the first that we hear is its end: it is told there. */
const endsAdopted = (record: ThreadRecord, alert: Alert, truncated: number, context: TransitionContext): Transition => {
  const { now } = context;
  const firing: AlertState = { ...alert, status: 'firing', endsAt: null, lastSeenAt: now };
  const opened = opens(record, firing, truncated, context);
  const thread = opened.next.current;
  if (thread === null) return opened;
  const ended = alertEnded(opened.next, withAlert(thread, endOf(firing, alert, now)), alert, now);
  return { ...opened, next: ended.next };
};
