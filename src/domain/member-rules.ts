import type { Alert } from './alert.js';
import { PARK_MS, type Transition, type TransitionContext } from './events.js';
import { mayBeInFull, placed } from './in-full.js';
import { firingState } from './incident.js';
import type { IncidentThread, ThreadRecord } from './record.js';
import { memberId, MEMBER_SEEN_STEP_MS, startsAfter, type Member } from './roll.js';
import { withCurrent, withSeverity } from './thread-change.js';

/**
 * An alert that is known by its row alone fires. A late duplicate among thousands is not believed after a time of its own,
 * but with the next repeat. @returns undefined where it fires again
 */
export const memberFires = (
  record: ThreadRecord,
  thread: IncidentThread,
  member: Member,
  alert: Alert,
  { now, rolls }: TransitionContext,
): Transition | undefined => {
  const { incident } = thread;
  const incidentId = incident.id;
  if (member.status === 'resolved') {
    const isLate = !startsAfter(alert.startsAt, member) && now - member.at < PARK_MS;
    return isLate ? { next: record, reason: 'parked', incidentId } : undefined;
  }
  if (alert.startAssumed !== true && alert.startsAt > member.at + MEMBER_SEEN_STEP_MS) return undefined;
  const state = { ...firingState(alert, now), startsAt: Math.min(alert.startsAt, member.startsAt) };
  if (mayBeInFull(incident, state)) {
    return {
      next: withCurrent(record, withSeverity(placed(thread, state, rolls), now), now),
      reason: 'repeat',
      incidentId,
    };
  }
  if (now - member.at >= MEMBER_SEEN_STEP_MS) {
    rolls.set(incident.id, memberId(alert.fingerprint), { ...member, startsAt: state.startsAt, at: now });
  }
  return { next: record, reason: 'repeat', incidentId };
};
