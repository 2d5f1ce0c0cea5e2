import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { BusyError } from './busy-error.js';
import { BODY_SHARES, BODY_TIME_MS, GIVES_WAY_AFTER_MS } from './http-limits.js';

/** How often bodies that arrive are looked at, in milliseconds. */
const TICK_MS = 1_000;

const GAVE_WAY = 'the body arrived slowly while other requests waited for room; try again';
const TOO_SLOW = `the body did not arrive within ${BODY_TIME_MS / 1_000} s; try again`;

/** How many bytes may be in use after a body of this size was let in. */
const shareOf = (bytes: number): number => BODY_SHARES.find(({ upTo }) => bytes <= upTo)?.share ?? 0;

/** The part of the budget that one request has, from its headers until it is answered. */
export interface BodyHold {
  readonly bytes: number;
  /** Takes so much in all. @returns false: no room; the hold stays as it was */
  grow(bytes: number): boolean;
  /** The whole body is here: it gives way to nobody any more. */
  arrived(): void;
  /** Gives everything back. A second call does nothing. */
  release(): void;
}

class Hold implements BodyHold {
  bytes = 0;

  constructor(
    private readonly budget: BodyBudget,
    readonly since: number,
    readonly lose: (reason: BusyError) => void,
  ) {}

  grow(bytes: number): boolean {
    return this.budget.resize(this, bytes);
  }

  arrived(): void {
    this.budget.stopWatching(this);
  }

  release(): void {
    this.budget.stopWatching(this);
    this.budget.resize(this, 0);
  }
}

/**
 * The bytes of request bodies in flight, over all connections of the process. A body that finds no room is refused, unless
 * bodies that arrive slowly hold enough: the oldest of them are refused instead. So who holds a body open keeps nobody out.
 */
@Injectable()
export class BodyBudget {
  private inUse = 0;
  /** Bodies that still arrive, the oldest first. */
  private readonly arriving = new Set<Hold>();
  private nextTick: number | undefined;

  constructor(private readonly clock: Clock) {}

  /** Bytes in use. */
  get used(): number {
    return this.inUse;
  }

  /**
   * Makes room for a body whose headers have come.
   * @param bytes what its headers declare; 0 where they do not
   * @param lose called when the body takes too long; everything has been given back then
   * @returns undefined: there is no room
   */
  open(bytes: number, lose: (reason: BusyError) => void): BodyHold | undefined {
    const hold = new Hold(this, this.clock.monotonic(), lose);
    if (!this.resize(hold, bytes)) return undefined;
    this.arriving.add(hold);
    if (this.nextTick === undefined) this.tickLater();
    return hold;
  }

  /** For {@link BodyHold.grow} and {@link BodyHold.release}. */
  resize(hold: Hold, bytes: number): boolean {
    const more = bytes - hold.bytes;
    const lacking = this.inUse + more - shareOf(bytes);
    if (more > 0 && lacking > 0 && !this.makeRoom(lacking, hold)) return false;
    this.inUse += more;
    hold.bytes = bytes;
    return true;
  }

  /** For {@link BodyHold.arrived}. */
  stopWatching(hold: Hold): void {
    this.arriving.delete(hold);
  }

  private makeRoom(bytes: number, except: Hold): boolean {
    const oldEnough = this.clock.monotonic() - GIVES_WAY_AFTER_MS;
    const slow: Hold[] = [];
    let found = 0;
    for (const hold of this.arriving) {
      if (found >= bytes || hold.since > oldEnough) break;
      if (hold === except || hold.bytes === 0) continue;
      found += hold.bytes;
      slow.push(hold);
    }
    if (found < bytes) return false;
    for (const hold of slow) this.end(hold, GAVE_WAY);
    return true;
  }

  private end(hold: Hold, reason: string): void {
    hold.release();
    hold.lose(new BusyError(reason));
  }

  private tickLater(): void {
    this.nextTick = this.clock.monotonic() + TICK_MS;
    this.clock.after(TICK_MS, () => {
      this.tick();
    });
  }

  /** Ends what takes too long. A tick that comes late itself (a paused process) leaves that to the next one. */
  private tick(): void {
    const now = this.clock.monotonic();
    const isLate = now - (this.nextTick ?? now) > TICK_MS;
    this.nextTick = undefined;
    for (const hold of isLate ? [] : this.arriving) {
      if (now - hold.since < BODY_TIME_MS) break;
      this.end(hold, TOO_SLOW);
    }
    if (this.arriving.size > 0) this.tickLater();
  }
}
