import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Clock } from '../clock/clock.js';
import { AppLogger } from '../logging/logger.js';
import { StoreUnavailableError, ThreadStore } from '../thread-store/thread-store.js';
import { RedisWarnings } from './redis-warnings.js';
import { within } from './within.js';

/** A store that needs longer counts as down; probes commonly wait 1 s by default, people set 5. */
const LIMIT_MS = 2_000;

/** Whether the store can take an alert now. */
@Injectable()
export class ThreadStoreHealth {
  constructor(
    private readonly store: ThreadStore,
    private readonly clock: Clock,
    private readonly indicators: HealthIndicatorService,
    private readonly logger: AppLogger,
    private readonly redisWarnings: RedisWarnings,
  ) {}

  async check(): Promise<HealthIndicatorResult<'thread_store'>> {
    const indicator = this.indicators.check('thread_store');
    try {
      await within(this.clock, LIMIT_MS, this.store.ping());
      const warnings = await within(this.clock, LIMIT_MS, this.redisWarnings.now());
      return warnings.length === 0 ? indicator.up() : indicator.degraded({ warnings });
    } catch (error) {
      this.logger.error({ err: error }, 'store takes nothing');
      return indicator.down({ code: error instanceof StoreUnavailableError ? error.code : 'no-answer' });
    }
  }
}
