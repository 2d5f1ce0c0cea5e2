import { changeDelivery } from './delivery-change.js';
import type { Claim, Delivery, IncidentThread, ThreadRecord } from './record.js';
import { rootDigest, rootFacts } from './root-facts.js';
import type { Operation } from './step.js';

/** A card that could not be made is tried again so much later, in milliseconds: an upgrade may have mended what was wrong. */
export const UNMADE_RETRY_MS = 60_000;

const UNMADE = 'unmade';

const statusOf = (digest: string): string => digest.split(':', 1)[0] ?? '';

/** Digest of the plain message that stands in for the card of this digest: `<status>:unmade`, and what the card would tell. */
export const unmadeDigest = (digest: string): string => {
  const status = statusOf(digest);
  const facts = digest.slice(status.length + 1);
  return facts === UNMADE || facts.startsWith(`${UNMADE}:`) ? digest : `${status}:${UNMADE}:${facts}`;
};

/** Digest of the card as it is to be; where its facts cannot be told, of the plain message in its place. */
export const cardDigest = (thread: Pick<IncidentThread, 'incident' | 'delivery'>): string => {
  try {
    return rootDigest(rootFacts(thread));
  } catch {
    return `${thread.incident.status}:${UNMADE}`; // rendering finds the same fault, and tells of it
  }
};

/** Whether the root is a plain message, because its card could not be made. */
export const isUnmade = ({ shownDigest }: Delivery): boolean =>
  shownDigest !== null && shownDigest === unmadeDigest(shownDigest);

/** Whether a plain message in place of this claim's card tells anything that the root does not tell already. */
export const isNews = (delivery: Delivery, { call, digest, at }: Claim): boolean => {
  const { shownDigest, editAgainAt } = delivery;
  if (call !== 'edit' || digest === null || shownDigest === null || !isUnmade(delivery)) return true;
  const mayBeCovered = editAgainAt !== undefined && editAgainAt <= at; // by a lost edit that came late
  return mayBeCovered || statusOf(shownDigest) !== statusOf(digest);
};

/** The message of the open claim could not be made: a plain one goes out in its place. */
export const claimUnmade = (record: ThreadRecord, incidentId: string): ThreadRecord =>
  changeDelivery(record, incidentId, (delivery) => {
    const { claim } = delivery;
    if (claim === null || claim.call === 'reply' || claim.digest === null) return delivery;
    return { ...delivery, claim: { ...claim, digest: unmadeDigest(claim.digest) } };
  });

/** The card could not be made once more, and the plain message says all that it can: the next try has time. */
export const unmadeAgain = (
  record: ThreadRecord,
  incidentId: string,
  operation: Operation,
  now: number,
): ThreadRecord =>
  changeDelivery(record, incidentId, (delivery) => ({
    ...delivery,
    shownDigest: operation.type === 'edit-root' ? unmadeDigest(operation.digest) : delivery.shownDigest,
    cardRetryAt: now + UNMADE_RETRY_MS,
  }));
