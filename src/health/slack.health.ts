import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Delivery, type Outage } from '../delivery/delivery.js';

/** Outages named in the answer, the app's own first: each channel that a sender names wrongly is one. */
const MOST_NAMED = 50;

const iso = (time: number): string => new Date(time).toISOString();

const outageView = ({ channel, kind, code, since, at }: Outage): object => ({
  ...(channel !== undefined && { channel }),
  kind,
  code,
  since: iso(since),
  last: iso(at),
});

/** Whether Slack takes our messages. Never down: alerts are taken and kept whatever Slack does. */
@Injectable()
export class SlackHealth {
  constructor(
    private readonly delivery: Delivery,
    private readonly indicators: HealthIndicatorService,
  ) {}

  check(): HealthIndicatorResult<'slack'> {
    const indicator = this.indicators.check('slack');
    const { outages } = this.delivery.status();
    if (outages.length === 0) return indicator.up();
    const more = outages.length - MOST_NAMED;
    return indicator.degraded({
      outages: outages.slice(0, MOST_NAMED).map(outageView),
      ...(more > 0 && { more_outages: more }),
    });
  }
}
