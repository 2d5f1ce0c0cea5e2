import { severityOf, severityRank, type Alert } from './alert.js';
import { closedIn, retireCurrent } from './closed-episodes.js';
import { LAST_SEEN_STEP_MS, PARK_MS, type AlertEvent, type Transition, type TransitionContext } from './events.js';
import { newFold, withProblem } from './fold.js';
import { placed } from './in-full.js';
import { alertIn, firingState, isOpen, type AlertState, type Incident } from './incident.js';
import { memberFires } from './member-rules.js';
import { ownValue } from './own-value.js';
import { park, refired, reopened } from './parking.js';
import { NEW_DELIVERY, type IncidentThread, type ThreadRecord } from './record.js';
import { memberId, MOST_MEMBERS } from './roll.js';
import { lastingSilence } from './silence-rules.js';
import {
  aboutAlert,
  addEntry,
  broadcastIf,
  isCritical,
  withAlert,
  withCurrent,
  withSeverity,
} from './thread-change.js';
import type { TimelineEntry } from './timeline.js';

/** Incidents of one record whose threads are not in their final state. With more, an alert opens the present one again. */
const MOST_EARLIER = 4;

/** An alert fires. */
export const fires = (
  record: ThreadRecord,
  event: AlertEvent,
  truncated: number,
  context: TransitionContext,
): Transition => {
  const current = record.current;
  const result =
    current !== null && isOpen(current.incident)
      ? firesInOpen(record, current, event.alert, truncated, context)
      : firesWithNoneOpen(record, event, truncated, context);
  return withProblem(result, event.problem, context);
};

/**
 * Alertmanagers of a pair may give one episode starts that lie some seconds apart, and some senders give none. So an
 * alert that fires has begun anew only when it began after it was last seen firing.
 */
const isLaterEpisode = (alert: Alert, known: AlertState): boolean =>
  known.status === 'firing'
    ? alert.startAssumed !== true && alert.startsAt > known.lastSeenAt + LAST_SEEN_STEP_MS
    : alert.startsAt > known.startsAt;

const firesInOpen = (
  record: ThreadRecord,
  open: IncidentThread,
  alert: Alert,
  truncated: number,
  context: TransitionContext,
): Transition => {
  const { now, rolls } = context;
  const incidentId = open.incident.id;
  const known = alertIn(open.incident, alert.fingerprint);
  const thread = noteTruncated(open, truncated);
  const again = (): Transition => ({
    next: withCurrent(record, refired(thread, now, firingState(alert, now), rolls), now),
    reason: 'refired',
    incidentId,
  });
  if (known === undefined) {
    const member = thread.incident.crowd && rolls.get(incidentId, memberId(alert.fingerprint));
    if (member !== undefined) return memberFires(record, thread, member, alert, context) ?? again();
    return {
      next: withCurrent(record, joined(thread, firingState(alert, now), context), now),
      reason: 'joined',
      incidentId,
    };
  }
  if (isLaterEpisode(alert, known)) return again();
  if (known.status === 'firing') return repeats(record, thread, known, alert, context);
  if (known.parkedUntil !== undefined) return { next: record, reason: 'still-parked', incidentId };
  if (now - (known.resolvedAt ?? 0) < PARK_MS) {
    return { next: park(record, thread, known, now), reason: 'parked', incidentId };
  }
  return again();
};

const firesWithNoneOpen = (
  record: ThreadRecord,
  { alert, problem }: AlertEvent,
  truncated: number,
  context: TransitionContext,
): Transition => {
  const { now, rules, rolls } = context;
  const last = record.current;
  const state = firingState(alert, now);
  const closed =
    (last && closedIn(last.incident, alert.fingerprint, rolls)) ?? ownValue(record.closed, alert.fingerprint);
  if (closed !== undefined && alert.startsAt <= closed.startsAt) {
    const about = last === null ? {} : { incidentId: last.incident.id };
    if (closed.by === 'person' && now - closed.at < rules.repeatIntervalMs) {
      return { next: record, reason: 'closed-by-person', ...about };
    }
    const known = last === null ? undefined : alertIn(last.incident, alert.fingerprint);
    if (known?.parkedUntil !== undefined) return { next: record, reason: 'still-parked', ...about };
    if (last !== null && closed.by === 'source' && now - closed.at < PARK_MS) {
      // Of a crowd the next repeat is believed.
      const next = known === undefined ? record : park(record, last, known, now);
      if (known !== undefined || last.incident.crowd !== undefined) return { next, reason: 'parked', ...about };
    }
  }
  if (last !== null && (now - (last.incident.resolved?.at ?? 0) <= rules.reopenWindowMs || mustReopen(record))) {
    const next = withCurrent(record, reopened(noteTruncated(last, truncated), now, state, rolls), now);
    return { next, reason: 'reopened', incidentId: last.incident.id };
  }
  return opens(record, state, truncated, context, problem);
};

const mustReopen = ({ earlier }: ThreadRecord): boolean => earlier.length >= MOST_EARLIER;

/** A new incident, in a new thread or in the one that the earlier version left. */
export const opens = (
  record: ThreadRecord,
  alert: AlertState,
  truncated: number,
  { now, rules, newIncidentId }: TransitionContext,
  problem?: AlertEvent['problem'],
): Transition => {
  const severity = severityOf(alert);
  const incident: Incident = {
    id: newIncidentId(now),
    key: record.key,
    environment: rules.environment,
    status: 'firing',
    severity,
    lead: alert.fingerprint,
    alerts: [alert],
    ...(problem === undefined ? {} : { fold: newFold(problem) }),
    resolvedBefore: 0,
    openedAt: now,
    acknowledged: null,
    resolved: null,
    silence: lastingSilence(record.current, now),
    truncated,
    reopened: 0,
    repeatedAt: null,
  };
  const entry: TimelineEntry = { n: 1, at: now, kind: 'opened', loud: true, count: 1, alerts: [alert.fingerprint] };
  const timeline = { last: 1, entries: [entry] };
  const thread: IncidentThread = { incident, channel: record.channel, timeline, delivery: NEW_DELIVERY };
  const ts = record.adopt;
  if (ts === undefined) {
    return { next: withCurrent(retireCurrent(record), thread, now), reason: 'opened', incidentId: incident.id };
  }
  const { adopt: _, ...rest } = retireCurrent(record);
  const adopted = { ...thread, delivery: { ...thread.delivery, rootTs: ts, frozen: true as const } };
  return { next: withCurrent(rest, adopted, now), reason: 'adopted-thread', incidentId: incident.id };
};

const joined = (thread: IncidentThread, alert: AlertState, { now, rolls }: TransitionContext): IncidentThread => {
  const { acknowledged, severity, crowd, fold, lead } = thread.incident;
  if ((crowd?.firing ?? 0) + (crowd?.resolved ?? 0) >= MOST_MEMBERS) return withUnfollowed(thread);
  const there = placed(thread, alert, rolls);
  const left = acknowledged !== null && isCritical(severity);
  // The card of a fold counts; a line for each would be the flood that it is there to stop.
  const told =
    fold === undefined
      ? addEntry(there, { at: now, kind: 'joined', loud: true, ...aboutAlert(there, alert), ...broadcastIf(left) })
      : there;
  // What joins and is no worse changes neither severity nor lead, as long as the lead fires.
  const worse = severityRank(severityOf(alert)) > severityRank(severity);
  return worse || alertIn(there.incident, lead)?.status !== 'firing' ? withSeverity(told, now) : told;
};

/** More than anybody can follow: it is counted each time it is named. */
const withUnfollowed = (thread: IncidentThread): IncidentThread => {
  const { crowd } = thread.incident;
  if (crowd === undefined) return thread;
  return { ...thread, incident: { ...thread.incident, crowd: { ...crowd, unfollowed: (crowd.unfollowed ?? 0) + 1 } } };
};

const noteTruncated = (thread: IncidentThread, truncated: number): IncidentThread =>
  thread.incident.truncated === truncated ? thread : { ...thread, incident: { ...thread.incident, truncated } };

const sameTexts = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean => {
  let count = 0;
  for (const name in a) {
    if (ownValue(a, name) !== ownValue(b, name)) return false;
    count++;
  }
  for (const _ in b) count--;
  return count === 0;
};

/** The source says again what is known. Most of all webhooks are this. */
const repeats = (
  record: ThreadRecord,
  thread: IncidentThread,
  known: AlertState,
  alert: Alert,
  { now, rules }: TransitionContext,
): Transition => {
  const { incident } = thread;
  const about = { incidentId: incident.id };
  const tells =
    (rules.repeatReplies === 'always' || (rules.repeatReplies === 'unacked' && incident.status === 'firing')) &&
    now - (incident.repeatedAt ?? incident.openedAt) >= rules.repeatIntervalMs;
  const startsAt = Math.min(known.startsAt, alert.startsAt);
  const sameFacts =
    thread === record.current && startsAt === known.startsAt && sameTexts(known.annotations, alert.annotations); // the fingerprint stands for the labels
  if (sameFacts && !tells) {
    if (now - known.lastSeenAt < LAST_SEEN_STEP_MS) return { next: record, reason: 'repeat', ...about };
    const seen = withAlert(thread, { ...known, lastSeenAt: now });
    return { next: { ...record, current: seen }, reason: 'repeat', ...about };
  }
  const state = { ...firingState(alert, now), startsAt };
  const changed = withSeverity(withAlert(thread, state), now);
  if (!tells) return { next: withCurrent(record, changed, now), reason: 'repeat', ...about };
  const told = { ...changed, incident: { ...changed.incident, repeatedAt: now } };
  const entry = { at: now, kind: 'repeated', loud: false, count: 1, alerts: [alert.fingerprint] } as const;
  return { next: withCurrent(record, addEntry(told, entry), now), reason: 'repeat-told', ...about };
};
