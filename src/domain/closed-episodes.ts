import { REMEMBER_CLOSED_MS } from './events.js';
import { ownValue } from './own-value.js';
import type { ClosedEpisode, IncidentThread, ThreadRecord } from './record.js';
import { inShort } from './in-full.js';
import { alertIn, type Incident } from './incident.js';
import { memberId, NO_ROLLS, type Rolls } from './roll.js';

/** Episodes remembered per record; the oldest go first. */
const MAX_CLOSED = 200;

/** How the episode of this alert ended in this incident, if it did. */
export const closedIn = (incident: Incident, fingerprint: string, rolls: Rolls): ClosedEpisode | undefined => {
  const alert = alertIn(incident, fingerprint) ?? memberIn(incident, fingerprint, rolls);
  if (alert === undefined) return undefined;
  if (alert.status === 'resolved') {
    return { startsAt: alert.startsAt, at: alert.resolvedAt ?? incident.openedAt, by: 'source' };
  }
  return incident.resolved?.by ? { startsAt: alert.startsAt, at: incident.resolved.at, by: 'person' } : undefined;
};

/** A row keeps the second in which the alert began: the end of it stands for its start. */
const memberIn = ({ id, crowd }: Incident, fingerprint: string, rolls: Rolls) => {
  const member = crowd && rolls.get(id, memberId(fingerprint));
  return member && { status: member.status, startsAt: member.startsAt + 999, resolvedAt: member.at };
};

/** Adds what ended in an incident that leaves `current`. */
const remember = (record: ThreadRecord, { incident }: IncidentThread): Record<string, ClosedEpisode> => {
  const closed = new Map(Object.entries(record.closed));
  for (const { fingerprint } of incident.alerts) {
    const episode = closedIn(incident, fingerprint, NO_ROLLS);
    if (episode !== undefined && episode.at >= (closed.get(fingerprint)?.at ?? 0)) closed.set(fingerprint, episode);
  }
  const rows = [...closed];
  return Object.fromEntries(
    rows.length <= MAX_CLOSED ? rows : rows.sort(([, a], [, b]) => b.at - a.at).slice(0, MAX_CLOSED),
  );
};

/**
 * A new incident follows: the present one moves to `earlier`, until its thread is in its final state. A silence that
 * still lasts is the new one's from then on.
 */
export const retireCurrent = (record: ThreadRecord): ThreadRecord =>
  record.current === null
    ? record
    : {
        ...record,
        closed: remember(record, record.current),
        earlier: [
          ...record.earlier,
          { ...record.current, incident: { ...inShort(record.current.incident), silence: null } },
        ],
        current: null,
      };

/** A finished incident was written to the history: out of the record. */
export const dropFinished = (record: ThreadRecord, incidentId: string): ThreadRecord => {
  if (record.current?.incident.id === incidentId) {
    return withoutIncident({ ...record, closed: remember(record, record.current), current: null });
  }
  const earlier = record.earlier.filter((thread) => thread.incident.id !== incidentId);
  return earlier.length === record.earlier.length ? record : withoutIncident({ ...record, earlier });
};

/**
 * With no incident left, only what a person closed has a say about the next alert. The rest would keep a record of each
 * short problem for a day.
 */
const withoutIncident = (record: ThreadRecord): ThreadRecord => {
  if (record.current !== null || record.earlier.length > 0) return record;
  const rows = Object.entries(record.closed);
  const kept = rows.filter(([, { by }]) => by === 'person');
  return kept.length === rows.length ? record : { ...record, closed: Object.fromEntries(kept) };
};

/** When the first remembered episode may be forgotten; null when there is none. */
export const nextToForget = (record: ThreadRecord): number | null => {
  let first: number | null = null;
  for (const fingerprint in record.closed) {
    const at = (ownValue(record.closed, fingerprint)?.at ?? 0) + REMEMBER_CLOSED_MS;
    if (first === null || at < first) first = at;
  }
  return first;
};

export const forgetClosed = (record: ThreadRecord, now: number): ThreadRecord => {
  const rows = Object.entries(record.closed);
  const kept = rows.filter(([, episode]) => episode.at + REMEMBER_CLOSED_MS > now);
  return kept.length === rows.length ? record : { ...record, closed: Object.fromEntries(kept) };
};
