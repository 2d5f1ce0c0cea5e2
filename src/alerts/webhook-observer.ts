import type { ReceivedOutcome } from '../incidents/receive.js';

/** Is told how webhooks are answered. */
export abstract class WebhookObserver {
  /** Alerts of a webhook were applied, and are durable. @param refused how many others of it were bad */
  abstract alerts(outcomes: readonly ReceivedOutcome[], refused: number): void;

  /** @param partly with 200: some of its alerts were refused */
  abstract answered(statusCode: number, partly?: boolean): void;
}
