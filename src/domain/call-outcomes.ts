import { attemptsOf } from './claims.js';
import { changeClaimed, changeDelivery, changeThread, isSameClaim } from './delivery-change.js';
import { withDoubt } from './doubts.js';
import { withFewerResolved } from './fewer-resolved.js';
import { editLost } from './lost-edit.js';
import { LOOK_AFTER_MS } from './plan.js';
import type { Claim, Delivery, DeliveryError, ThreadRecord } from './record.js';

/** What is written after a call to Slack, by how it ended. */

/** Tries of one operation with an answer that we don't know, before it goes out as plain text. */
const TRIES_BEFORE_PLAIN = 3;

const settled = (delivery: Delivery): Delivery => {
  const { plainReply: _p, maybeDuplicate: _m, ...rest } = delivery;
  return { ...rest, claim: null, attempts: 0, nextTryAt: null, lastError: null };
};

const edited = (delivery: Delivery, open: Claim, now: number): Delivery => {
  const { edits: _, cardRetryAt: _c, editAgainAt, ...rest } = delivery;
  const lastError = delivery.attempts === 0 ? null : delivery.lastError;
  const again = editAgainAt !== undefined && editAgainAt > open.at ? { editAgainAt } : {};
  return { ...rest, ...again, claim: null, shownDigest: open.digest, editedAt: now, lastError };
};

/** Slack shows it: `ts` is the posted message (for an edit, the root). */
export const committed = (
  record: ThreadRecord,
  incidentId: string,
  seen: Claim,
  ts: string,
  now: number,
): ThreadRecord =>
  changeThread(record, incidentId, (thread) => {
    const { delivery } = thread;
    const open = delivery.claim;
    if (!isSameClaim(open, seen)) return thread;
    if (open.call === 'edit') return { ...thread, delivery: edited(delivery, open, now) };
    const shownEntry = Math.max(delivery.shownEntry, open.last);
    const doubts = open.redone ? withDoubt(delivery.doubts, open, now, ts) : delivery.doubts;
    const shown = { ...settled(delivery), shownEntry, ...(doubts === undefined ? {} : { doubts }) };
    if (open.call === 'reply') return withFewerResolved({ ...thread, delivery: shown });
    const { lost: _, ...rest } = shown;
    return withFewerResolved({
      ...thread,
      delivery: { ...rest, rootTs: ts, shownDigest: open.digest, editedAt: now },
    });
  });

/** Slack is as it was before the call. A repeated call stays ambiguous for what its first try may have left. */
const released = (delivery: Delivery, open: Claim, now: number): Delivery => ({
  ...delivery,
  claim: open.redone ? { ...open, endedAt: now, looked: LOOK_AFTER_MS.length } : null,
});

/** Slack asks to wait: the limit holds the work back, the thread itself did nothing wrong. */
export const rateLimited = (record: ThreadRecord, incidentId: string, seen: Claim, now: number): ThreadRecord =>
  changeClaimed(record, incidentId, seen, (delivery, open) => released(delivery, open, now));

/** It may have reached Slack: to be looked for. Of an edit nothing needs to be found; it is made again. */
export const ambiguous = (
  record: ThreadRecord,
  incidentId: string,
  seen: Claim,
  now: number,
  error: DeliveryError | null,
): ThreadRecord =>
  changeClaimed(record, incidentId, seen, (delivery, open) =>
    open.call === 'edit'
      ? { ...editLost(delivery, now), editedAt: now, lastError: error }
      : { ...delivery, claim: { ...open, endedAt: now, looked: 0 }, attempts: 0, nextTryAt: null, lastError: error },
  );

/** The call failed and left nothing; it is tried again at `nextTryAt`. */
export const failed = (
  record: ThreadRecord,
  incidentId: string,
  seen: Claim,
  error: DeliveryError,
  nextTryAt: number,
): ThreadRecord =>
  changeClaimed(record, incidentId, seen, (delivery, open) => {
    const attempts = 1 + attemptsOf(delivery, open.call);
    const plain = error.kind === 'payload' || (error.kind === 'unknown' && attempts >= TRIES_BEFORE_PLAIN);
    return {
      ...released(delivery, open, error.at),
      ...(open.call === 'edit' ? { edits: { attempts, nextTryAt } } : { attempts, nextTryAt }),
      lastError: error,
      ...(plain ? (open.call === 'reply' ? { plainReply: true as const } : { plainRoot: true as const }) : {}),
    };
  });

/** The root can't be edited any more: it stays as it is. */
export const rootFrozen = (record: ThreadRecord, incidentId: string, seen: Claim, error: DeliveryError): ThreadRecord =>
  changeClaimed(record, incidentId, seen, (delivery) => ({
    ...settled(delivery),
    frozen: true,
    lastError: error,
  }));

/** Slack was searched, and the message was not there. */
export const notFound = (record: ThreadRecord, incidentId: string, seen: Claim): ThreadRecord =>
  changeClaimed(record, incidentId, seen, (delivery, open) => ({
    ...delivery,
    claim: { ...open, looked: (open.looked ?? 0) + 1 },
    attempts: 0,
    nextTryAt: null,
  }));

/** What was tried without a claim (a search, joining the channel) failed; the thread waits. */
export const postponed = (
  record: ThreadRecord,
  incidentId: string,
  error: DeliveryError,
  nextTryAt: number,
): ThreadRecord =>
  changeDelivery(record, incidentId, (delivery) => ({
    ...delivery,
    attempts: delivery.attempts + 1,
    nextTryAt,
    lastError: error,
  }));
