import type { AlertStatus, SeverityClass } from './alert.js';
import { fnv1a64 } from './fnv1a.js';

/**
 * What the rules need to know of an alert that its incident does not hold in full (`Incident.crowd`). A `problem` is no
 * alert: it marks a thread key that a fold has counted. Times are epoch milliseconds, kept to the second.
 */
export interface Member {
  readonly status: AlertStatus | 'problem';
  readonly severity: SeverityClass;
  readonly startsAt: number;
  /** Firing: when a webhook last named the alert, in steps of {@link MEMBER_SEEN_STEP_MS}. Resolved: when it ended. */
  readonly at: number;
}

/** A repeat of a member that fires is noted once in this time: each note costs a write. Milliseconds. */
export const MEMBER_SEEN_STEP_MS = 10 * 60_000;
/** Members of one incident at most: about 30 bytes each. Further ones are counted when they come and not followed. */
export const MOST_MEMBERS = 3_000_000;

/**
 * The members of a record's present incident, kept beside the record and changed in one step with it: a change of one alert among ten
 * thousand writes one row, not ten thousand. What is set is part of the change that sets it.
 */
export interface Rolls {
  /** Ids are those of {@link memberId}. */
  get(incidentId: string, id: string): Member | undefined;
  /** @param member null: the roll has no such member any more */
  set(incidentId: string, id: string, member: Member | null): void;
  /** Takes back all that this change has set: of one that fails halfway no row may stay. */
  discard(): void;
}

/** For changes that concern no member. */
export const NO_ROLLS: Rolls = {
  get: () => undefined,
  set: () => {
    throw new Error('this change has no roll');
  },
  discard: () => undefined,
};

const PLAIN = /^[0-9a-f]{16}$/;

/** A fingerprint as 16 hex digits, which it mostly is. */
export const memberId = (fingerprint: string): string => (PLAIN.test(fingerprint) ? fingerprint : fnv1a64(fingerprint));

const second = (time: number): number => Math.floor(time / 1_000) * 1_000;

/** Whether an alert with this start belongs to a later episode than the member's. */
export const startsAfter = (startsAt: number, member: Member): boolean => second(startsAt) > second(member.startsAt);
