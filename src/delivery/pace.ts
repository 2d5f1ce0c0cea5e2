import type { Clock } from '../clock/clock.js';
import type { Paced } from './lane.js';

/**
 * Slack's limits. The queue takes a token before each piece of work that it hands out. Every provider passes
 * test/contract/pace.contract.ts.
 */
export abstract class Pace {
  constructor(protected readonly clock: Clock) {}

  /**
   * Milliseconds until it is worth to ask for a token, as far as this process knows; 0: now. What a person did may also
   * use what is kept for people.
   */
  abstract delay(lane: Paced, byPerson?: boolean): number;

  /**
   * Takes a token where there is one. A provider that knows at once says so without a promise.
   * @returns 0: taken; else milliseconds until there may be one
   * @throws {StoreUnavailableError} the tokens are elsewhere, and can't be reached
   */
  abstract take(lane: Paced, byPerson?: boolean): number | Promise<number>;

  /** The token taken last was not needed. */
  abstract refund(lane: Paced): void;

  /** A 429, or failures in a row: this lane's own limit, and no other, is closed for `ms`. */
  abstract close(lane: Paced, ms: number): void;

  /** Slack refuses the app itself: nothing goes for `ms`. */
  abstract closeAll(ms: number): void;

  abstract openAll(): void;

  /** Resolves when a token of the lane was taken. @throws as {@link take} */
  async wait(lane: Paced): Promise<void> {
    for (;;) {
      const delay = this.delay(lane) || (await this.take(lane));
      if (delay <= 0) return;
      await this.clock.pause(Math.ceil(delay));
    }
  }
}
