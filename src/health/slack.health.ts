import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Delivery, type Outage } from '../delivery/delivery.js';

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
    return outages.length === 0 ? indicator.up() : indicator.degraded({ outages: outages.map(outageView) });
  }
}
