import { Injectable } from '@nestjs/common';
import { Histogram, Registry } from 'prom-client';
import { Clock } from '../clock/clock.js';
import { SLACK_METHODS, SlackCallObserver, type SlackMethod } from '../slack/call-observer.js';

/** Calls are given up after 10 s. */
const BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Measures calls to Slack. */
@Injectable()
export class SlackCallMeters extends SlackCallObserver {
  private readonly calls: Histogram<'method'>;

  constructor(
    registry: Registry,
    private readonly clock: Clock,
  ) {
    super();
    this.calls = new Histogram({
      name: 'alert_threader_slack_call_seconds',
      help: 'Time that calls to the Slack Web API took, failed ones included.',
      labelNames: ['method'],
      buckets: BUCKETS,
      registers: [registry],
    });
    for (const method of SLACK_METHODS) this.calls.zero({ method });
  }

  override began(method: SlackMethod): () => void {
    const startedAt = this.clock.monotonic();
    return () => {
      this.calls.observe({ method }, (this.clock.monotonic() - startedAt) / 1_000);
    };
  }
}
