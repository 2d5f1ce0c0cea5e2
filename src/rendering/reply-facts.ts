import type { Resolution } from '../domain/incident.js';
import type { IncidentThread } from '../domain/record.js';
import { rootFacts, type RootFacts } from '../domain/root-facts.js';
import type { TimelineEntry } from '../domain/timeline.js';

/** What the full card of an `opened` entry tells: the incident as it is, even if its end is told by a later reply. */
export const openedFacts = (thread: IncidentThread): RootFacts => {
  const facts = rootFacts(thread);
  return facts.status === 'resolved' ? { ...facts, status: 'firing', resolution: null } : facts;
};

/**
 * What the full card of a `resolved` entry tells. The incident may have gone on since (a claimed reply is sent as it
 * was claimed): then the entry alone knows who ended it and when.
 */
export const resolvedFacts = (thread: IncidentThread, entry: TimelineEntry): RootFacts => {
  const facts = rootFacts(thread);
  const wentOn = thread.timeline.entries.some(
    ({ n, kind }) => n > entry.n && (kind === 'reopened' || kind === 'resolved'),
  );
  const own: Resolution = { by: entry.actor ?? null, at: entry.at };
  return {
    ...facts,
    status: 'resolved',
    resolution: wentOn ? own : (facts.resolution ?? own),
    firing: entry.stillFiring ?? 0,
    resolved: wentOn ? 0 : facts.resolved,
  };
};
