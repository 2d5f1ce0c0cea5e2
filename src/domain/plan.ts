import { nextToForget } from './closed-episodes.js';
import { PARK_MS, type Rules } from './events.js';
import { isOpen } from './incident.js';
import { heldUntil, type Lease } from './lease.js';
import { nextParked } from './parking.js';
import { threadsOf, type IncidentThread, type ThreadRecord } from './record.js';
import { cardDigest, isUnmade, unmadeDigest } from './unmade-card.js';
import { PRIORITY, priorityOf, replyPriority, waitsForPerson, type Priority } from './priority.js';
import { hasSilence } from './silence-rules.js';
import { isSameWork, type Lane, type Operation, type PlanReason, type Step } from './step.js';
import { waiting, type TimelineEntry } from './timeline.js';

/** A search for a message whose fate is not known: so long after the call's end. Milliseconds. */
export const LOOK_AFTER_MS = [2_000, 10_000] as const;
/** A channel that can't be read for so long: the message is sent again, and says "possible duplicate". */
const UNREADABLE_MS = 5 * 60_000;
/** At most one edit of a root in this time; the newest state wins. */
const EDIT_EVERY_MS = 2_000;

export interface Plan {
  /** What can be done now, at most one step for each lane and thread. */
  readonly steps: readonly Step[];
  /** When to plan again though nothing else happens; null: never. */
  readonly wakeAt: number | null;
  /** Another process works on one of the threads: it says what comes next. */
  readonly held: boolean;
}

export interface PlanContext {
  readonly now: number;
  readonly rules: Pick<Rules, 'reopenWindowMs'>;
  /** Slack answers again: times of next tries no longer count. */
  readonly retryNow?: boolean;
  /** Absent: nobody else is there, as with a duration of 0. */
  readonly lease?: Lease;
}

/** Compares a record with what its threads show: what to do next, or when. */
export const plan = (record: ThreadRecord, context: PlanContext): Plan => {
  const draft = new Draft(context.now);
  for (const thread of threadsOf(record)) planThread(draft, thread, thread === record.current, context);
  draft.at(nextToForget(record), () => ({ ...tick(record), channel: record.channel }));
  return draft;
};

/** The step as the record wants it now, if it still does: others change it between a plan and the claim. */
export const stillWanted = (record: ThreadRecord, { incidentId, operation }: Step, context: PlanContext) =>
  plan(record, context).steps.find((step) => step.incidentId === incidentId && isSameWork(step.operation, operation));

/** Collects steps, and the earliest time at which there may be another. */
class Draft implements Plan {
  readonly steps: Step[] = [];
  wakeAt: number | null = null;
  held = false;

  constructor(private readonly now: number) {}

  /** Another process works on a thread until this time at most. */
  heldUntil(time: number): void {
    this.held = true;
    this.wakeAt = Math.min(this.wakeAt ?? Infinity, time);
  }

  /** Takes the step when its time has come, else remembers the time. @returns whether it was taken */
  at(time: number | null, step: () => Step): boolean {
    if (time === null) return false;
    if (time <= this.now) {
      this.steps.push(step());
      return true;
    }
    if (this.wakeAt === null || time < this.wakeAt) this.wakeAt = time;
    return false;
  }
}

const tick = (record: ThreadRecord): Step => ({
  incidentId: '',
  channel: record.channel,
  lane: 'store',
  priority: PRIORITY.counts,
  operation: { type: 'tick' },
  reason: 'time-passed',
});

const planThread = (draft: Draft, thread: IncidentThread, isCurrent: boolean, context: PlanContext): void => {
  const { incident, delivery, channel } = thread;
  const step = (lane: Lane, priority: Priority, operation: Operation, reason: PlanReason): Step => ({
    incidentId: incident.id,
    channel,
    lane,
    priority,
    operation,
    reason,
  });
  const held = heldUntil(delivery, context.now, context.lease);
  if (held !== null) {
    draft.heldUntil(held);
    return;
  }
  if (delivery.claim !== null) {
    planClaim(draft, thread, step, context);
    return;
  }
  for (const ts of delivery.strays ?? []) {
    draft.at(delivery.nextTryAt ?? 0, () =>
      step('edits', PRIORITY.status, { type: 'delete-stray', ts }, 'un-threaded'),
    );
  }
  for (const { id, lookAt, keep } of delivery.doubts ?? []) {
    // Which one is the first can't be said while others of them are being deleted.
    if (keep === undefined && delivery.strays !== undefined) continue;
    draft.at(lookAt, () => step('reads', PRIORITY.counts, { type: 'look-again', doubt: id }, 'may-be-double'));
  }
  if (isCurrent) {
    draft.at(nextParked(incident), () => step('store', PRIORITY.new, { type: 'tick' }, 'time-passed'));
  }
  const busy = planPost(draft, thread, step, context);
  const editing = planEdit(draft, thread, step, context);
  if (busy || editing || isOpen(incident) || delivery.strays !== undefined || delivery.doubts !== undefined) return;
  // From the history nobody could end its silence. Each change of that makes the record due.
  if (isCurrent && hasSilence(incident)) return;
  draft.at(finalAt(thread, isCurrent, context.rules.reopenWindowMs), () =>
    step('store', PRIORITY.counts, { type: 'archive' }, 'final'),
  );
};

type MakeStep = (lane: Lane, priority: Priority, operation: Operation, reason: PlanReason) => Step;

/** When a finished thread leaves the record: once it can't be opened again. */
const finalAt = ({ incident }: IncidentThread, isCurrent: boolean, reopenWindowMs: number): number =>
  isCurrent
    ? Math.max((incident.resolved?.at ?? 0) + Math.max(reopenWindowMs, PARK_MS) + 1, nextParked(incident) ?? 0)
    : 0;

const planClaim = (draft: Draft, thread: IncidentThread, step: MakeStep, { now }: PlanContext): void => {
  const { claim } = thread.delivery;
  if (claim === null) return;
  const { endedAt, looked = 0 } = claim;
  if (endedAt === undefined) {
    draft.at(0, () => step('store', PRIORITY.person, { type: 'take-over' }, 'claim-abandoned'));
    return;
  }
  const unreadable = now >= endedAt + UNREADABLE_MS && thread.delivery.attempts > 0;
  const lookAfter = LOOK_AFTER_MS[looked];
  if (lookAfter !== undefined && !unreadable) {
    const again = Math.max(endedAt + lookAfter, thread.delivery.nextTryAt ?? 0);
    draft.at(again, () => step('reads', priorityOf(thread), { type: 'look-up' }, 'fate-unknown'));
    return;
  }
  const reason = lookAfter === undefined ? 'not-found-twice' : 'channel-unreadable';
  const { first, last } = claim;
  const entries = waiting(thread.timeline, first - 1, last);
  const operation: Operation =
    claim.call === 'root'
      ? { type: 'post-root', last, redo: true }
      : { type: 'post-reply', first, last, redo: true, broadcast: entries.some((entry) => entry.broadcast) };
  draft.at(thread.delivery.nextTryAt ?? 0, () => step('posts', priorityOf(thread), operation, reason));
};

/** The next message of the thread. @returns whether one is wanted, now or later */
const planPost = (draft: Draft, thread: IncidentThread, step: MakeStep, context: PlanContext): boolean => {
  const { incident, delivery, timeline } = thread;
  const entries = waiting(timeline, delivery.shownEntry);
  const notBefore = context.retryNow === true ? 0 : (delivery.nextTryAt ?? 0);
  if (delivery.rootTs === null) {
    if (!wantsRoot(thread, entries)) return false;
    const operation: Operation = { type: 'post-root', last: timeline.last, redo: false };
    const reason = delivery.lost !== undefined ? 'thread-lost' : isOpen(incident) ? 'never-shown' : 'over-before-shown';
    draft.at(notBefore, () => step('posts', priorityOf(thread), operation, reason));
    return true;
  }
  const [first] = entries;
  if (first === undefined) return false;
  const operation: Operation = {
    type: 'post-reply',
    first: first.n,
    last: timeline.last,
    redo: false,
    broadcast: entries.some((entry) => entry.broadcast),
  };
  draft.at(notBefore, () => step('posts', replyPriority(entries), operation, 'entries-waiting'));
  return true;
};

/** A deleted thread starts again with the next loud entry, unless all is over; a forgotten one with any entry. */
export const wantsRoot = ({ incident, delivery }: IncidentThread, entries: readonly TimelineEntry[]): boolean => {
  if (delivery.lost === undefined) return true;
  if (delivery.lost === 'forgotten') return entries.length > 0;
  return isOpen(incident) && entries.some((entry) => entry.loud);
};

const planEdit = (draft: Draft, thread: IncidentThread, step: MakeStep, context: PlanContext): boolean => {
  const { delivery } = thread;
  if (delivery.rootTs === null || delivery.frozen) return false;
  const digest = cardDigest(thread);
  if (isUnmade(delivery) && delivery.shownDigest === unmadeDigest(digest)) {
    // The plain message tells all that it can, so the thread waits for nothing. Slack's recovery mends no card.
    const wanted = Math.min(delivery.cardRetryAt ?? 0, delivery.editAgainAt ?? Infinity);
    draft.at(Math.max(wanted, delivery.edits?.nextTryAt ?? 0), () =>
      step('edits', PRIORITY.counts, { type: 'edit-root', digest }, 'card-unmade'),
    );
    return false;
  }
  if (digest === delivery.shownDigest) {
    const { editAgainAt } = delivery;
    if (editAgainAt === undefined) return false;
    draft.at(editAgainAt, () => step('edits', PRIORITY.counts, { type: 'edit-root', digest }, 'edit-may-come-late'));
    return true;
  }
  const byPerson = waitsForPerson(thread);
  const notBefore = Math.max(
    context.retryNow === true ? 0 : (delivery.edits?.nextTryAt ?? 0),
    byPerson ? 0 : (delivery.editedAt ?? 0) + EDIT_EVERY_MS,
  );
  const status = digest.split(':')[0] !== delivery.shownDigest?.split(':')[0];
  const priority = byPerson ? PRIORITY.person : status ? PRIORITY.status : PRIORITY.counts;
  draft.at(notBefore, () => step('edits', priority, { type: 'edit-root', digest }, 'root-is-behind'));
  return true;
};
