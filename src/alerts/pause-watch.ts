import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../clock/clock.js';

const TICK_MS = 500;
/** A tick that is this late: the process was paused (SIGSTOP, a frozen machine, a swap storm). Milliseconds. */
const PAUSED_MS = 1_500;
/** What piled up meanwhile is read within this time. Milliseconds. */
const CATCHING_UP_MS = 1_000;

/**
 * Knows whether this process was paused just now. Webhooks that waited meanwhile may be of senders that gave up long
 * ago and went to another replica: what was true then must not come over what is true now.
 */
@Injectable()
export class PauseWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private lastTick = Infinity;
  private catchingUpUntil = -Infinity;
  private cancel: () => void = () => undefined;

  constructor(private readonly clock: Clock) {}

  onApplicationBootstrap(): void {
    this.tick();
  }

  onApplicationShutdown(): void {
    this.cancel();
  }

  /** @returns whether what arrives now may have waited for long */
  wasPaused(): boolean {
    const now = this.clock.monotonic();
    return now - this.lastTick > PAUSED_MS || now < this.catchingUpUntil;
  }

  private tick(): void {
    const now = this.clock.monotonic();
    if (now - this.lastTick > PAUSED_MS) this.catchingUpUntil = now + CATCHING_UP_MS;
    this.lastTick = now;
    this.cancel = this.clock.after(TICK_MS, () => {
      this.tick();
    });
  }
}
