import type { SilenceEvent, Transition, TransitionReason } from './events.js';
import { firingAlerts, isOpen, type Incident, type Silence } from './incident.js';
import type { IncidentThread, ThreadRecord } from './record.js';
import { told, withCurrent } from './thread-change.js';

/** The life of an incident's silence. Nothing claims to be silenced before the server said so. */
export const silenceActs = (
  record: ThreadRecord,
  thread: IncidentThread,
  event: SilenceEvent,
  now: number,
): Transition => {
  const { incident } = thread;
  const incidentId = incident.id;
  const refuse = (reason: TransitionReason): Transition => ({ next: record, reason, incidentId });
  /** Nothing of it is shown, so Slack's image is not behind. */
  const quietly = (reason: TransitionReason, changed: Incident): Transition => ({
    next: { ...record, current: { ...thread, incident: changed } },
    reason,
    incidentId,
  });
  const shows = (reason: TransitionReason, changed: IncidentThread): Transition => ({
    next: withCurrent(record, changed, now),
    reason,
    incidentId,
  });

  switch (event.type) {
    case 'silence-asked':
      // A silence outlives its incident, and may be ended then too.
      if (!event.request.end && !isOpen(incident)) return refuse('too-late');
      if (incident.silencing !== undefined) return refuse('silence-pending');
      if (event.request.end && incident.silence === null) return refuse('not-silenced');
      return quietly('silence-asked', { ...incident, silencing: event.request });
    case 'silence-failed': {
      if (incident.silencing?.id !== event.requestId) return refuse('not-silenced');
      const changed = withoutRequest(incident);
      if (isOpen(incident)) return quietly('silence-failed', changed);
      // Nothing keeps it from the history any more, and the delivery brings it there.
      return shows('silence-failed', { ...thread, incident: changed });
    }
    case 'silence-done': {
      const request = incident.silencing;
      if (request?.id !== event.requestId) return refuse('not-silenced');
      const settled = withoutRequest(incident);
      if (request.end)
        return shows(
          'silence-ended',
          told(unsilenced(thread, settled, now), 'silence-ended', now, { actor: request.by }),
        );
      const { server, until, by, note } = request;
      const silence = { id: event.silenceId, server, until, by };
      const changed = { ...thread, incident: { ...settled, silence } };
      const entry = { actor: by, until, ...(note === undefined ? {} : { note }) };
      return shows('silenced', told(changed, 'silenced', now, entry));
    }
    case 'silence-moved':
      if (incident.silence?.id !== event.silenceId || incident.silence.until === event.until)
        return refuse('not-silenced');
      return shows('silence-moved', {
        ...thread,
        incident: { ...incident, silence: { ...incident.silence, until: event.until } },
      });
    case 'silence-over': {
      if (incident.silence?.id !== event.silenceId) return refuse('not-silenced');
      const changed = unsilenced(thread, incident, now);
      // Once all is over, the end of a silence is news to nobody: the first message alone shows it.
      return shows('silence-ended', isOpen(incident) ? told(changed, 'silence-ended', now) : changed);
    }
  }
};

const withoutRequest = (incident: Incident): Incident => {
  const { silencing: _, ...rest } = incident;
  return rest;
};

const unsilenced = (thread: IncidentThread, incident: Incident, now: number): IncidentThread => ({
  ...thread,
  incident: { ...incident, silence: null, mutedUntil: now },
});

/** A silence is asked for or lasts. As long as it does, the incident stays in its record, where people can end it. */
export const hasSilence = ({ silence, silencing }: Incident): boolean => silence !== null || silencing !== undefined;

/** The silence that a new incident of the same problem takes over from the one before it; null where none lasts. */
export const lastingSilence = (before: IncidentThread | null, now: number): Silence | null => {
  const silence = before?.incident.silence ?? null;
  return silence !== null && silence.until > now ? silence : null;
};

/**
 * Whether somebody has to look after the record's silence: one is asked for or lasts, or one ended and the source has
 * not spoken of some firing alert since. Alertmanager never tells of what resolved while it was silenced.
 */
export const wantsSilenceCare = ({ current }: ThreadRecord): boolean => {
  if (current === null) return false;
  const { incident } = current;
  if (hasSilence(incident)) return true;
  return isOpen(incident) && unheardAlerts(incident).length > 0;
};

/** Alerts that fire as far as we know, of which a silence may have kept the end from us. */
export const unheardAlerts = (incident: Incident): ReturnType<typeof firingAlerts> => {
  const { silence, mutedUntil } = incident;
  if (silence === null && mutedUntil === undefined) return [];
  return firingAlerts(incident).filter(({ lastSeenAt }) => silence !== null || lastSeenAt < (mutedUntil ?? 0));
};
