import type { Claim, Delivery, IncidentThread, ThreadRecord } from './record.js';

/**
 * What a call to Slack means for the record. Each of these is pure and guarded: it changes nothing where the incident
 * or the claim is no longer there, because webhooks, people and other processes change the record meanwhile.
 */
export const changeThread = (
  record: ThreadRecord,
  incidentId: string,
  change: (thread: IncidentThread) => IncidentThread,
): ThreadRecord => {
  if (record.current?.incident.id === incidentId) {
    const current = change(record.current);
    return current === record.current ? record : { ...record, current };
  }
  const at = record.earlier.findIndex((thread) => thread.incident.id === incidentId);
  const thread = record.earlier[at];
  if (thread === undefined) return record;
  const next = change(thread);
  return next === thread ? record : { ...record, earlier: record.earlier.with(at, next) };
};

export const changeDelivery = (
  record: ThreadRecord,
  incidentId: string,
  change: (delivery: Delivery, thread: IncidentThread) => Delivery,
): ThreadRecord =>
  changeThread(record, incidentId, (thread) => {
    const delivery = change(thread.delivery, thread);
    return delivery === thread.delivery ? thread : { ...thread, delivery };
  });

/**
 * Whether the record's claim is still the one that was seen: the same operation, in the same hands since the same time,
 * in the same state. An operation that is done again has the id of its first try, so the id alone says too little.
 */
export const isSameClaim = (claim: Claim | null, seen: Claim): claim is Claim =>
  claim !== null &&
  claim.id === seen.id &&
  claim.owner === seen.owner &&
  claim.takenAt === seen.takenAt &&
  claim.endedAt === seen.endedAt &&
  claim.looked === seen.looked;

/** Like {@link changeDelivery}, only while the claim is as it was seen. */
export const changeClaimed = (
  record: ThreadRecord,
  incidentId: string,
  seen: Claim,
  change: (delivery: Delivery, claim: Claim, thread: IncidentThread) => Delivery,
): ThreadRecord =>
  changeDelivery(record, incidentId, (delivery, thread) =>
    isSameClaim(delivery.claim, seen) ? change(delivery, delivery.claim, thread) : delivery,
  );
