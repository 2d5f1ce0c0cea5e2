import { committed } from './call-outcomes.js';
import { changeDelivery } from './delivery-change.js';
import { withDoubt } from './doubts.js';
import { MAY_COME_MS } from './lost-edit.js';
import { threadsOf, type Claim, type Delivery, type ThreadRecord } from './record.js';
import { withStrays } from './thread-repairs.js';

/**
 * What is written after a call whose process had lost its claim: it hung past its lease, and others went on. They may
 * have found what it sent, may have sent it again, or may be about to. In the end there is one message.
 */

/** The call, as its process claimed it. */
export interface LateCall {
  readonly incidentId: string;
  readonly claim: Claim;
  /** The thread's epoch then. */
  readonly epoch: number;
}

const deliveryOf = (record: ThreadRecord, id: string): Delivery | undefined =>
  threadsOf(record).find(({ incident }) => incident.id === id)?.delivery;

const doubted = (record: ThreadRecord, { incidentId, claim }: LateCall, now: number): ThreadRecord =>
  changeDelivery(record, incidentId, (delivery) => ({
    ...delivery,
    doubts: withDoubt(delivery.doubts, claim, now),
  }));

export const postedLate = (record: ThreadRecord, late: LateCall, ts: string, now: number): ThreadRecord => {
  const { incidentId, claim, epoch } = late;
  const delivery = deliveryOf(record, incidentId);
  if (delivery === undefined) return record;
  const { claim: open, rootTs } = delivery;
  // The thread started again without it.
  if (delivery.epoch !== epoch) return withStrays(record, incidentId, [ts]);
  if (open?.id === claim.id) {
    // Nobody sends: it is what the next look would find. Else whoever sends now decides what is kept.
    return open.endedAt === undefined ? doubted(record, late, now) : committed(record, incidentId, open, ts, now);
  }
  if (claim.call === 'root' && rootTs !== null) {
    return rootTs === ts ? record : withStrays(record, incidentId, [ts]);
  }
  return doubted(record, late, now);
};

/** Its answer was lost as well: if the message comes, it is found by its operation. */
export const ambiguousLate = (record: ThreadRecord, late: LateCall, now: number): ThreadRecord => {
  const { incidentId, claim, epoch } = late;
  if (deliveryOf(record, incidentId)?.epoch !== epoch) return record;
  return claim.call === 'edit' ? editAgain(record, late, now + MAY_COME_MS) : doubted(record, late, now);
};

/** The edit came over whatever others showed since: the root is edited once more. */
export const editedLate = (record: ThreadRecord, late: LateCall, now: number): ThreadRecord => {
  const delivery = deliveryOf(record, late.incidentId);
  if (delivery?.epoch !== late.epoch) return record;
  const isTrue = delivery.claim === null && delivery.shownDigest === late.claim.digest;
  // Later than any claim of this moment, whose edit may have come before.
  return isTrue ? record : editAgain(record, late, now + 1);
};

const editAgain = (record: ThreadRecord, { incidentId }: LateCall, at: number): ThreadRecord =>
  changeDelivery(record, incidentId, (delivery) => {
    if (delivery.rootTs === null || delivery.frozen) return delivery;
    const editAgainAt = Math.max(at, delivery.editAgainAt ?? 0);
    return { ...delivery, editAgainAt, ...(delivery.claim === null ? { shownDigest: null } : {}) };
  });
