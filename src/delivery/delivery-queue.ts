import type { Priority } from '../domain/priority.js';
import { recordId } from '../domain/record.js';
import type { LaneName } from './lane.js';

/** A record that stands in a lane. */
export interface Work {
  /** `recordId` of key and channel. */
  readonly id: string;
  readonly key: string;
  /** The record's channel, which is part of its identity. */
  readonly channel: string;
}

export const workOf = (key: string, channel: string): Work => ({ id: recordId(key, channel), key, channel });

/** @returns whether Slack was called: if not, the pace is given back */
export type WorkHandler = (work: Work, lane: LaneName) => Promise<boolean>;

/** Orders records, never messages: what is sent is decided when a record's turn comes. */
export abstract class DeliveryQueue {
  /**
   * Puts the record into a lane, or moves it to another priority or flow there.
   * @param flow within one priority flows take turns; first come, first served within one
   */
  abstract schedule(work: Work, lane: LaneName, priority: Priority, flow?: string): void;
  /** Whether the record stands in any lane. */
  abstract has(work: Work): boolean;
  /** Takes the record out of all lanes but these: there is nothing to do there any more. */
  abstract keepOnly(work: Work, lanes: ReadonlySet<LaneName>): void;
  /** Every record that stands in a lane. */
  abstract works(): readonly Work[];
  /** Takes everything out of a lane. */
  abstract drain(lane: LaneName): readonly Work[];
  /**
   * Records that stand in any lane, each counted once. What is being done, and what waits for its next try, stands in
   * none: how far Slack is behind, the store says.
   */
  abstract depth(): number;
  /** Starts handing out work. */
  abstract start(handler: WorkHandler): void;
  /** Hands out no more; resolves when the running work is done. */
  abstract stop(): Promise<void>;
}
