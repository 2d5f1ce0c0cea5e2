import { isOpen } from './incident.js';
import type { IncidentThread } from './record.js';
import { isCritical } from './thread-change.js';
import { waiting, type TimelineEntry } from './timeline.js';

/** What goes first when Slack is the bottleneck; a lower number is sooner. */
export const PRIORITY = { person: 0, 'new-critical': 1, new: 2, resolve: 3, reply: 4, status: 5, counts: 6 } as const;
export type Priority = (typeof PRIORITY)[keyof typeof PRIORITY];

/** Whether the root is behind what a person did, whatever the source said since. */
export const waitsForPerson = ({ delivery, timeline: { entries } }: IncidentThread): boolean => {
  const isNew = ({ n, at }: TimelineEntry): boolean => n > delivery.shownEntry || at > (delivery.editedAt ?? 0);
  return entries.some((entry, i) => entry.actor !== undefined && (isNew(entry) || i === entries.length - 1));
};

export const replyPriority = (entries: readonly TimelineEntry[]): Priority => {
  if (entries.some((entry) => entry.actor !== undefined)) return PRIORITY.person;
  return entries.some((entry) => entry.loud) ? PRIORITY.resolve : PRIORITY.reply;
};

export const priorityOf = ({ incident, delivery, timeline }: IncidentThread): Priority => {
  if (delivery.rootTs !== null) return replyPriority(waiting(timeline, delivery.shownEntry));
  if (!isOpen(incident)) return PRIORITY.resolve;
  return isCritical(incident.severity) ? PRIORITY['new-critical'] : PRIORITY.new;
};
