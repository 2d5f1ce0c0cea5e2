import type { Delivery } from './record.js';

/** Who asks what is to be done, and for how long what another holds is that other's. */
export interface Lease {
  /** The asking process; empty for a view that is the same for all. */
  readonly owner: string;
  /** Milliseconds. 0: another owner can only be an earlier process, so what it held is free at once. */
  readonly ms: number;
}

/** On a shared store: a process that says nothing for so long is taken to be gone. Milliseconds. */
export const LEASE_MS = 15_000;

const holder = ({ claim, turn }: Delivery): { readonly owner: string; readonly since: number } | undefined => {
  if (claim !== null && claim.endedAt === undefined) return { owner: claim.owner, since: claim.takenAt ?? claim.at };
  return turn && { owner: turn.owner, since: turn.at };
};

/** Until when another process works on this thread; null: nobody does. */
export const heldUntil = (delivery: Delivery, now: number, lease: Lease | undefined): number | null => {
  if (lease === undefined || lease.ms === 0) return null;
  const held = holder(delivery);
  // A time from the future is that of a clock which was set back since: it must not hold the thread for ever.
  if (held === undefined || held.owner === lease.owner || held.since > now + lease.ms) return null;
  const until = held.since + lease.ms;
  return until > now ? until : null;
};
