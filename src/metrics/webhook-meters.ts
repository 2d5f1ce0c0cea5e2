import { Registry } from 'prom-client';
import { Injectable } from '@nestjs/common';
import { WebhookObserver } from '../alerts/webhook-observer.js';
import type { ReceivedOutcome } from '../incidents/receive.js';
import { ALERT_OUTCOMES, alertOutcome, type AlertOutcome } from './alert-outcomes.js';
import { TalliedCounter } from './tallied-counter.js';

const WEBHOOK_OUTCOMES = [
  'accepted',
  'partly_refused',
  'refused',
  'unauthorized',
  'too_large',
  'unavailable',
  'failed',
] as const;
type WebhookOutcome = (typeof WEBHOOK_OUTCOMES)[number];

/** By HTTP status; other 4xx are `refused` as 400 is. */
const BY_STATUS = new Map<number, WebhookOutcome>([
  [401, 'unauthorized'],
  [413, 'too_large'],
  [503, 'unavailable'],
]);

const webhookOutcome = (statusCode: number, partly: boolean): WebhookOutcome => {
  if (statusCode < 400) return partly ? 'partly_refused' : 'accepted';
  return BY_STATUS.get(statusCode) ?? (statusCode < 500 ? 'refused' : 'failed');
};

/** Counts webhooks and the alerts in them. */
@Injectable()
export class WebhookMeters extends WebhookObserver {
  private readonly webhooks: TalliedCounter<WebhookOutcome>;
  private readonly counted: TalliedCounter<AlertOutcome>;

  constructor(registry: Registry) {
    super();
    this.webhooks = new TalliedCounter(registry, {
      name: 'alert_threader_webhooks_total',
      help: 'Webhooks (POST /alert) by how they were answered.',
      label: 'outcome',
      values: WEBHOOK_OUTCOMES,
    });
    this.counted = new TalliedCounter(registry, {
      name: 'alert_threader_alerts_total',
      help: 'Alerts in webhooks by what they did to an incident.',
      label: 'outcome',
      values: ALERT_OUTCOMES,
    });
  }

  override alerts(outcomes: readonly ReceivedOutcome[], refused: number): void {
    for (const { reason } of outcomes) this.counted.add(alertOutcome(reason));
    if (refused > 0) this.counted.add('refused', refused);
  }

  override answered(statusCode: number, partly = false): void {
    this.webhooks.add(webhookOutcome(statusCode, partly));
  }
}
