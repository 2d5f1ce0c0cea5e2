import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Delivery } from '../delivery/delivery.js';

/** A storm of 100 threads takes 100 s at Slack's pace; what waits much longer is stuck. */
const DEGRADED_AFTER_MS = 5 * 60_000;

/** Whether threads wait too long to be shown. Never down: see SlackHealth. */
@Injectable()
export class OldestWaitingHealth {
  constructor(
    private readonly delivery: Delivery,
    private readonly indicators: HealthIndicatorService,
  ) {}

  check(): HealthIndicatorResult<'oldest_waiting'> {
    const indicator = this.indicators.check('oldest_waiting');
    const { depth, oldestWaitingMs } = this.delivery.status();
    const seconds = Math.round(oldestWaitingMs / 1_000);
    const facts = { threads: depth, seconds };
    return oldestWaitingMs > DEGRADED_AFTER_MS ? indicator.degraded(facts) : indicator.up(facts);
  }
}
