import { severityClass, type SeverityClass } from '../domain/alert.js';
import { threadsOf, type IncidentThread, type ThreadRecord } from '../domain/record.js';
import { waiting } from '../domain/timeline.js';

/** Something that a change of a record brought about, and how long it took. */
export type MeasuredChange =
  | { readonly type: 'acknowledged'; readonly severity: SeverityClass; readonly ms: number }
  | {
      readonly type: 'resolved';
      readonly severity: SeverityClass;
      readonly by: 'source' | 'person';
      readonly ms: number;
    }
  /** Slack shows a timeline entry now. @param at when it happened, epoch milliseconds */
  | { readonly type: 'shown'; readonly at: number };

const NOTHING: readonly MeasuredChange[] = [];

/** What is measured of a change. An incident that came and ended in one step has no duration, and is left out. */
export const recordChanges = (before: ThreadRecord, after: ThreadRecord): readonly MeasuredChange[] => {
  if (before.current === null && before.earlier.length === 0) return NOTHING;
  const changes: MeasuredChange[] = [];
  for (const thread of threadsOf(after)) {
    const old = threadsOf(before).find(({ incident }) => incident.id === thread.incident.id);
    if (old !== undefined && old !== thread) compare(changes, old, thread);
  }
  return changes;
};

const compare = (changes: MeasuredChange[], old: IncidentThread, thread: IncidentThread): void => {
  const { acknowledged, resolved } = thread.incident;
  const severity = severityClass(thread.incident.severity);
  if (acknowledged !== null && old.incident.acknowledged === null) {
    changes.push({ type: 'acknowledged', severity, ms: acknowledged.at - beganAt(thread) });
  }
  if (resolved !== null && old.incident.resolved === null) {
    const by = resolved.by === null ? 'source' : 'person';
    changes.push({ type: 'resolved', severity, by, ms: resolved.at - beganAt(thread) });
  }
  const { shownEntry } = thread.delivery;
  if (shownEntry <= old.delivery.shownEntry) return;
  for (const { at } of waiting(thread.timeline, old.delivery.shownEntry, shownEntry)) {
    changes.push({ type: 'shown', at });
  }
};

/** When people could first know of it: it was opened, or opened again. Senders' own times may lie far back. */
const beganAt = ({ incident, timeline }: IncidentThread): number =>
  timeline.entries.findLast(({ kind }) => kind === 'reopened')?.at ?? incident.openedAt;
