import type { PersonEvent, Transition, TransitionContext } from './events.js';
import type { IncidentThread, ThreadRecord } from './record.js';
import { transition } from './transition.js';

/** The emoji of a reaction: `+1::skin-tone-3` is `+1` with another hand. */
export const emojiName = (reaction: string): string => reaction.split('::')[0] ?? '';

/** A person put an emoji on a message, or took it back. */
export interface ReactionChange {
  /** ts of the message. */
  readonly ts: string;
  /** Emoji without colons. */
  readonly name: string;
  readonly userId: string;
  readonly added: boolean;
}

/** What the record knows of the reactions to the first message of its current thread. */
export const seenReactions = ({ reactions, delivery }: IncidentThread): readonly string[] =>
  reactions !== undefined && reactions.ts === delivery.rootTs ? reactions.seen : [];

/**
 * Reactions that a record remembers; a workspace of thousands could make it grow without end. The oldest go first, but
 * never those of who acknowledged by one. What the loss means: a forgotten reaction that is still there is news when
 * Slack tells of it again, and taken back it undoes nothing. So a record that is full learns nothing from `reactions.get`
 * after a gap, where old and new look alike: what people reacted with meanwhile is lost there, and a click works.
 */
export const MAX_SEEN = 500;

const remembered = (seen: readonly string[], { incident }: IncidentThread): readonly string[] => {
  let over = seen.length - MAX_SEEN;
  if (over <= 0) return seen;
  const holder = incident.acknowledged?.via === 'reaction' ? ` ${incident.acknowledged.by.id}` : undefined;
  return seen.filter((key) => (holder !== undefined && key.endsWith(holder)) || --over < 0);
};

export const reactionKey = ({ name, userId }: Pick<ReactionChange, 'name' | 'userId'>): string => `${name} ${userId}`;

/** Whether the present acknowledgement was made by this person's reaction. */
export const acknowledgedByReaction = ({ incident }: IncidentThread, userId: string): boolean =>
  incident.acknowledged?.via === 'reaction' && incident.acknowledged.by.id === userId;

/**
 * Notes a reaction to the first message of the current thread and, the first time, does what it stands for. What was
 * noted never acts again, so an old reaction does nothing to an incident that opens again.
 * @param means what it does; undefined: nothing (it is noted all the same)
 */
export const reacted = (
  record: ThreadRecord,
  change: ReactionChange,
  means: (thread: IncidentThread) => PersonEvent | undefined,
  context: TransitionContext,
): Transition => {
  const thread = record.current;
  if (thread?.delivery.rootTs !== change.ts) return { next: record, reason: 'not-current' };
  const incidentId = thread.incident.id;
  const key = reactionKey(change);
  const seen = seenReactions(thread);
  if (seen.includes(key) === change.added) return { next: record, reason: 'reaction-seen', incidentId };
  const kept = change.added ? [...seen, key] : seen.filter((one) => one !== key);
  const reactions = { ts: change.ts, seen: remembered(kept, thread) };
  const noted: ThreadRecord = { ...record, current: { ...thread, reactions } };
  const event = means(thread);
  return event === undefined
    ? { next: noted, reason: 'reaction-noted', incidentId }
    : transition(noted, event, context);
};
