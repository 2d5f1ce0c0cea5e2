import { changeClaimed, changeDelivery, changeThread } from './delivery-change.js';
import type { Claim, Delivery, DeliveryError, ThreadRecord } from './record.js';

/** What is done about threads that people deleted, messages that should not be there, and channels that are unusable. */

/** The delivery of a thread that starts again, with everything that is not shown yet. What is on its way goes to the old one. */
export const startsAgain = (
  delivery: Delivery,
  why: 'gone' | 'forgotten',
  lastError: DeliveryError | null,
): Delivery => {
  const { frozen: _f, plainReply: _p, edits: _e, editAgainAt: _a, ...rest } = delivery;
  return {
    ...rest,
    claim: null,
    rootTs: null,
    shownDigest: null,
    editedAt: null,
    epoch: delivery.epoch + 1,
    attempts: 0,
    nextTryAt: null,
    lost: why,
    lastError,
  };
};

/** Somebody deleted the thread. */
export const threadGone = (record: ThreadRecord, incidentId: string, seen: Claim, error: DeliveryError): ThreadRecord =>
  changeClaimed(record, incidentId, seen, (delivery) => startsAgain(delivery, 'gone', error));

/** Slack un-threaded a reply because its root is gone: the stray goes, the thread starts again. */
export const strayed = (
  record: ThreadRecord,
  incidentId: string,
  seen: Claim,
  ts: string,
  error: DeliveryError,
): ThreadRecord =>
  changeClaimed(record, incidentId, seen, (delivery) => ({
    ...startsAgain(delivery, 'gone', error),
    strays: [...(delivery.strays ?? []), ts],
  }));

/** Messages of ours that should not be there. */
export const withStrays = (record: ThreadRecord, incidentId: string, ts: readonly string[]): ThreadRecord =>
  ts.length === 0
    ? record
    : changeDelivery(record, incidentId, (delivery) => ({
        ...delivery,
        strays: [...new Set([...(delivery.strays ?? []), ...ts])],
      }));

export const strayDeleted = (record: ThreadRecord, incidentId: string, ts: string): ThreadRecord =>
  changeDelivery(record, incidentId, (delivery) => {
    const { strays = [], ...rest } = delivery;
    const left = strays.filter((stray) => stray !== ts);
    return left.length === 0 ? rest : { ...rest, strays: left };
  });

/** What stands in the channel, or may, is left as it is: the thread starts again with what was not told there. */
const leftBehind = (delivery: Delivery): Delivery => {
  if (delivery.rootTs === null && delivery.claim === null) return delivery;
  const { doubts: _d, strays: _s, ...rest } = startsAgain(delivery, 'forgotten', delivery.lastError);
  return rest;
};

/** The thread's channel is unusable: it goes to another one, and says so. Not while a call is on its way. */
export const moved = (record: ThreadRecord, incidentId: string, to: string, code: string): ThreadRecord =>
  changeThread(record, incidentId, (thread) => {
    const { claim } = thread.delivery;
    if (thread.channel === to || (claim !== null && claim.endedAt === undefined)) return thread;
    return {
      ...thread,
      channel: to,
      delivery: {
        ...leftBehind(thread.delivery),
        attempts: 0,
        nextTryAt: null,
        movedFrom: { channel: thread.channel, code },
      },
    };
  });
