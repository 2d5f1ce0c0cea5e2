import { changeDelivery } from './delivery-change.js';
import { editLost } from './lost-edit.js';
import { plan, type PlanContext, type Step } from './plan.js';
import type { Claim, Delivery, ThreadRecord } from './record.js';
import { rootDigest, rootFacts } from './root-facts.js';

/** What is written before a call to Slack, and what finds a claim that nobody holds any more. */

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
          claim: { id, call: 'edit', first: 0, last: 0, digest: operation.digest, owner, at: now },
        };
      case 'post-root':
      case 'post-reply': {
        const before = delivery.claim;
        if ((before !== null) !== operation.redo) return delivery;
        const root = operation.type === 'post-root';
        const digest = root ? rootDigest(rootFacts(thread)) : null;
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
            ...(before === null ? {} : { redone: true as const }),
          },
          ...(step.reason === 'channel-unreadable' ? { maybeDuplicate: true as const } : {}),
        };
      }
      default:
        return delivery;
    }
  });

/** A claim whose process is gone is ambiguous from now on. */
export const takenOver = (record: ThreadRecord, incidentId: string, now: number): ThreadRecord =>
  changeDelivery(record, incidentId, (delivery) =>
    delivery.claim === null || delivery.claim.endedAt !== undefined
      ? delivery
      : delivery.claim.call === 'edit'
        ? editLost(delivery, now)
        : { ...delivery, claim: { ...delivery.claim, endedAt: now, looked: 0 }, attempts: 0, nextTryAt: null },
  );

/** Failed tries in a row of this kind of call. */
export const attemptsOf = (delivery: Delivery, call: Claim['call']): number =>
  call === 'edit' ? (delivery.edits?.attempts ?? 0) : delivery.attempts;

/** Sets `due` by what the plan says. Every write of the reconciler ends with it. */
export const withDue = (record: ThreadRecord, context: PlanContext): ThreadRecord => {
  const { steps, wakeAt } = plan(record, context);
  const behindSince = record.due !== null && record.due < context.now ? record.due : context.now;
  const due = steps.length > 0 ? behindSince : wakeAt;
  return due === record.due ? record : { ...record, due };
};
