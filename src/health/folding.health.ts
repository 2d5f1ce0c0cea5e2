import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Clock } from '../clock/clock.js';
import { explodingLabels } from '../domain/fold.js';
import { isOpen } from '../domain/incident.js';
import { StoreUnavailableError, ThreadStore } from '../thread-store/thread-store.js';
import { within } from './within.js';

/** As for the counts of the same answer. Milliseconds. */
const LIMIT_MS = 1_000;
const NAMED = 5;
const MOST_LETTERS = 100;
const WHAT_TO_DO =
  'so many incidents are open that further problems share one thread: take the labels named here out of the alerting ' +
  'rules, or out of THREAD_KEY_LABELS';

/** Whether problems are counted together because there are too many. Never down: they are taken and counted. */
@Injectable()
export class FoldingHealth {
  constructor(
    private readonly store: ThreadStore,
    private readonly clock: Clock,
    private readonly indicators: HealthIndicatorService,
  ) {}

  async check(): Promise<HealthIndicatorResult<'folding'>> {
    const indicator = this.indicators.check('folding');
    try {
      const records = await within(this.clock, LIMIT_MS, this.store.folds());
      const folds = records.flatMap(({ channel, current }) => {
        const fold = current !== null && isOpen(current.incident) ? current.incident.fold : undefined;
        if (current === null || fold === undefined) return [];
        const { alertname, problems } = fold;
        const labels = explodingLabels(fold).map((label) => label.slice(0, MOST_LETTERS));
        return [
          { channel, alertname: alertname.slice(0, MOST_LETTERS), problems, labels, incident_id: current.incident.id },
        ];
      });
      if (folds.length === 0) return indicator.up();
      const worst = folds.sort((a, b) => b.problems - a.problems).slice(0, NAMED);
      return indicator.degraded({ folds: folds.length, worst, what_to_do: WHAT_TO_DO });
    } catch (error) {
      return indicator.degraded({ code: error instanceof StoreUnavailableError ? error.code : 'no-answer' });
    }
  }
}
