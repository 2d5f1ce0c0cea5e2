import { changeDelivery } from './delivery-change.js';
import type { Claim, Delivery, Doubt, ThreadRecord } from './record.js';

/** Messages that may have come twice: one more look, and what is too many goes. */

/** So long after the last call that may have left one. Milliseconds. */
const LOOK_AGAIN_MS = 60_000;

/** @param keep the message that stays, where it is known */
export const withDoubt = (
  doubts: readonly Doubt[] = [],
  { id, call, at }: Claim,
  now: number,
  keep?: string,
): readonly Doubt[] => {
  const before = doubts.find((doubt) => doubt.id === id);
  const kept = keep ?? before?.keep;
  // One row for each operation: two of them could each keep another message, and delete both.
  return [
    ...doubts.filter((doubt) => doubt !== before),
    {
      id,
      call: call === 'root' ? 'root' : 'reply',
      ...(kept === undefined ? {} : { keep: kept }),
      claimedAt: Math.min(at, before?.claimedAt ?? at),
      lookAt: now + LOOK_AGAIN_MS,
    },
  ];
};

const keptOf = (
  { id, keep }: Doubt,
  incidentId: string,
  { rootTs, epoch, strays = [] }: Delivery,
  found: readonly string[],
): string | undefined => {
  if (keep !== undefined) return keep;
  if (rootTs !== null && id === `${incidentId}:root:${epoch}`) return rootTs;
  return found.find((ts) => !strays.includes(ts));
};

/** Slack was searched: one message stays, the others go. A doubt that changed meanwhile wants another look. */
export const doubtSettled = (
  record: ThreadRecord,
  incidentId: string,
  seen: Doubt,
  found: readonly string[],
): ThreadRecord =>
  changeDelivery(record, incidentId, (delivery) => {
    const { doubts = [], strays = [], ...rest } = delivery;
    const doubt = doubts.find(({ id }) => id === seen.id);
    if (doubt === undefined || doubt.lookAt !== seen.lookAt || doubt.keep !== seen.keep) return delivery;
    const keep = keptOf(doubt, incidentId, delivery, found);
    const left = doubts.filter((one) => one !== doubt);
    const gone = [...new Set([...strays, ...found.filter((ts) => ts !== keep)])];
    return {
      ...rest,
      ...(left.length === 0 ? {} : { doubts: left }),
      ...(gone.length === 0 ? {} : { strays: gone }),
    };
  });

/** Looks for doubles again later: Slack could not be read. */
export const doubtPostponed = (record: ThreadRecord, incidentId: string, doubt: string, lookAt: number): ThreadRecord =>
  changeDelivery(record, incidentId, (delivery) => ({
    ...delivery,
    doubts: (delivery.doubts ?? []).map((row) => (row.id === doubt ? { ...row, lookAt } : row)),
  }));
