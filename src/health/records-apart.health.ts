import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { Delivery } from '../delivery/delivery.js';
import { shownKey } from '../domain/record.js';
import { ThreadStore } from '../thread-store/thread-store.js';
import { within } from './within.js';

/** Records named; more are counted. */
const NAMED = 5;
/** As for the counts of the same answer. */
const LIMIT_MS = 1_000;
const ADVICE = 'the log names each with its error; docs/operations.md, Records apart, says what to do';

/** Whether something is wrong with single records. Never down: they hold up no others. */
@Injectable()
export class RecordsApartHealth {
  constructor(
    private readonly delivery: Delivery,
    private readonly store: ThreadStore,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly indicators: HealthIndicatorService,
  ) {}

  async check(): Promise<HealthIndicatorResult<'records_apart'>> {
    const indicator = this.indicators.check('records_apart');
    const { apart } = this.delivery.status();
    const unreadable = await this.unreadable();
    const count = apart.length + unreadable.count;
    if (count === 0) return indicator.up({ count });
    const key = (record: { key: string; channel: string }): string => shownKey(record, this.config.slackChannel);
    const records = [
      ...apart.map(({ reason, code, since, tries, ...record }) => {
        return { key: key(record), reason, code, since: new Date(since).toISOString(), tries };
      }),
      ...unreadable.records.map((record) => ({ key: key(record), reason: 'unreadable' })),
    ];
    return indicator.degraded({ count, records: records.slice(0, NAMED), advice: ADVICE });
  }

  /** A store that is away is told of by its own indicator. */
  private async unreadable(): ReturnType<ThreadStore['unreadable']> {
    try {
      return await within(this.clock, LIMIT_MS, this.store.unreadable(NAMED));
    } catch {
      return { count: 0, records: [] };
    }
  }
}
