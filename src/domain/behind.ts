import { wantsRoot } from './plan.js';
import type { IncidentThread } from './record.js';
import { waiting } from './timeline.js';

/**
 * Since when Slack does not show something that happened in a thread: an entry that is not told yet, or a card with
 * another status than the incident's. Null: all of it is shown. An edit that brings counts or texts up to date is not
 * waited for by anybody, and does not count.
 */
export const behindSince = (thread: IncidentThread): number | null => {
  try {
    const since = waitingSince(thread);
    return Number.isFinite(since) ? since : null;
  } catch {
    return null; // indexes are built of every record: one that makes no sense is for the delivery to tell
  }
};

const waitingSince = (thread: IncidentThread): number | null => {
  const { delivery, timeline } = thread;
  if (timeline.last <= delivery.shownEntry) return cardBehindSince(thread);
  const entries = waiting(timeline, delivery.shownEntry);
  if (delivery.rootTs === null && !wantsRoot(thread, entries)) return null;
  return entries[0]?.at ?? cardBehindSince(thread);
};

const cardBehindSince = ({ incident, delivery, timeline }: IncidentThread): number | null => {
  const { rootTs, frozen, shownDigest } = delivery;
  if (rootTs === null || frozen || isStatusOf(incident.status, shownDigest)) return null;
  if (incident.status === 'resolved' && incident.resolved !== null) return incident.resolved.at;
  if (incident.status === 'acknowledged' && incident.acknowledged !== null) return incident.acknowledged.at;
  return timeline.entries.at(-1)?.at ?? incident.openedAt;
};

/** Digests begin with the status. */
const isStatusOf = (status: string, digest: string | null): boolean =>
  digest !== null && digest.startsWith(status) && digest[status.length] === ':';
