import type { Delivery } from './record.js';

/** An edit whose answer was lost may still come, over a newer one, for so long. Milliseconds. */
export const MAY_COME_MS = 60_000;

/** What the root shows is not known: it is edited at once, and again when the lost edit can no longer come. */
export const editLost = (delivery: Delivery, now: number): Delivery => ({
  ...delivery,
  claim: null,
  shownDigest: null,
  editAgainAt: now + MAY_COME_MS,
});
