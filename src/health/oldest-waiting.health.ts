import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Clock } from '../clock/clock.js';
import { StoreUnavailableError, ThreadStore, wholeBacklog } from '../thread-store/thread-store.js';
import { within } from './within.js';

/** A storm of 100 threads takes 100 s at Slack's pace; what waits much longer is stuck. */
const DEGRADED_AFTER_MS = 5 * 60_000;
/** As for the counts of the same answer. */
const LIMIT_MS = 1_000;

/**
 * How long something that happened has not been shown, by the store: the truth that /stats and /metrics tell as well, over
 * tries, back-offs and restarts. Never down: see SlackHealth.
 */
@Injectable()
export class OldestWaitingHealth {
  constructor(
    private readonly store: ThreadStore,
    private readonly clock: Clock,
    private readonly indicators: HealthIndicatorService,
  ) {}

  async check(): Promise<HealthIndicatorResult<'oldest_waiting'>> {
    const indicator = this.indicators.check('oldest_waiting');
    try {
      const { backlog } = await within(this.clock, LIMIT_MS, this.store.overview());
      const { threads, since } = wholeBacklog(backlog);
      const now = this.clock.now();
      const waited = Math.max(0, now - (since ?? now));
      const facts = { threads, seconds: Math.round(waited / 1_000) };
      return waited > DEGRADED_AFTER_MS ? indicator.degraded(facts) : indicator.up(facts);
    } catch (error) {
      return indicator.degraded({ code: error instanceof StoreUnavailableError ? error.code : 'no-answer' });
    }
  }
}
