import { changeDelivery } from './delivery-change.js';
import { heldUntil } from './lease.js';
import { editLost } from './lost-edit.js';
import { plan, type PlanContext } from './plan.js';
import type { Step } from './step.js';
import { threadsOf, type Claim, type Delivery, type ThreadRecord } from './record.js';
import { cardDigest } from './unmade-card.js';

/** What is written before a call to Slack, and what finds a claim that nobody holds any more. */

/** A record that cannot be planned is looked at again so much later. Milliseconds. */
const UNPLANNED_RETRY_MS = 60_000;

/** The id that a step's message carries: the same for every try of it. */
const operationId = (step: Step, delivery: Delivery): string => {
  const { operation, incidentId } = step;
  if (delivery.claim !== null) return delivery.claim.id;
  if (operation.type === 'post-reply') return `${incidentId}:reply:${operation.first}:${delivery.epoch}`;
  return `${incidentId}:${operation.type === 'edit-root' ? 'edit' : 'root'}:${delivery.epoch}`;
};

/** Claims a step before its call. A step that is no longer wanted claims nothing. */
export const claim = (record: ThreadRecord, step: Step, owner: string, now: number): ThreadRecord =>
  changeDelivery(record, step.incidentId, (delivery, thread) => {
    const { operation } = step;
    const id = operationId(step, delivery);
    switch (operation.type) {
      case 'edit-root':
        if (delivery.claim !== null || delivery.rootTs === null) return delivery;
        return {
          ...delivery,
          claim: { id, call: 'edit', first: 0, last: 0, digest: operation.digest, owner, at: now, takenAt: now },
        };
      case 'post-root':
      case 'post-reply': {
        const before = delivery.claim;
        if ((before !== null) !== operation.redo) return delivery;
        const root = operation.type === 'post-root';
        const digest = root ? cardDigest(thread) : null;
        return {
          ...delivery,
          claim: {
            id,
            call: root ? 'root' : 'reply',
            first: root ? 1 : operation.first,
            last: operation.last,
            // Either of two cards may turn out to be the one that is kept.
            digest: before !== null && before.digest !== digest ? null : digest,
            owner,
            at: before?.at ?? now,
            takenAt: now,
            ...(before === null ? {} : { redone: true as const }),
          },
          ...(step.reason === 'channel-unreadable' ? { maybeDuplicate: true as const } : {}),
        };
      }
      default:
        return delivery;
    }
  });

/** A claim as if its message had been sent, and the answer lost: where the store may have forgotten that it was. */
export const claimToLookFirst = (record: ThreadRecord, step: Step, owner: string, now: number): ThreadRecord =>
  changeDelivery(claim(record, step, owner, now), step.incidentId, (delivery) => {
    const { claim: open } = delivery;
    if (open === null || open.call === 'edit' || open.redone) return delivery;
    return { ...delivery, claim: { ...open, endedAt: now, looked: 0 } };
  });

/** A claim whose process is gone, or hangs past its lease, is ambiguous from now on. */
export const takenOver = (record: ThreadRecord, incidentId: string, { now, lease }: PlanContext): ThreadRecord =>
  changeDelivery(record, incidentId, (delivery) => {
    const { claim: open } = delivery;
    if (open === null || open.endedAt !== undefined || heldUntil(delivery, now, lease) !== null) return delivery;
    if (open.call === 'edit') return editLost(delivery, now);
    return { ...delivery, claim: { ...open, endedAt: now, looked: 0 }, attempts: 0, nextTryAt: null };
  });

/** Before a search or a deletion on a shared store. */
export const withTurn = (record: ThreadRecord, incidentId: string, owner: string, now: number): ThreadRecord =>
  changeDelivery(record, incidentId, (delivery) => ({ ...delivery, turn: { owner, at: now } }));

/** The turn of this owner is over, in whichever thread it was. */
export const turnEnded = (record: ThreadRecord, owner: string): ThreadRecord => {
  let next = record;
  for (const { incident, delivery } of threadsOf(record)) {
    if (delivery.turn?.owner !== owner) continue;
    next = changeDelivery(next, incident.id, ({ turn: _, ...rest }) => rest);
  }
  return next;
};

/** Failed tries in a row of this kind of call. */
export const attemptsOf = (delivery: Delivery, call: Claim['call']): number =>
  call === 'edit' ? (delivery.edits?.attempts ?? 0) : delivery.attempts;

/** Sets `due` by what the plan says. Every write of the reconciler ends with it. */
export const withDue = (record: ThreadRecord, context: PlanContext): ThreadRecord => {
  const due = dueOf(record, context);
  return due === record.due ? record : { ...record, due };
};

/** What is true in Slack is written even where the record cannot be planned: it is looked at again, slowly. */
const dueOf = (record: ThreadRecord, context: PlanContext): number | null => {
  try {
    const { steps, wakeAt } = plan(record, context);
    const behindSince = record.due !== null && record.due < context.now ? record.due : context.now;
    return steps.length > 0 ? behindSince : wakeAt;
  } catch {
    return context.now + UNPLANNED_RETRY_MS;
  }
};
