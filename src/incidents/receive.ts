import type { Alert } from '../domain/alert.js';

/** An alert of a webhook, and where its thread is to be. */
export interface ReceivedAlert {
  readonly alert: Alert;
  /** A channel id. */
  readonly channel: string;
  /** How many alerts Alertmanager left out of the webhook (`truncatedAlerts`). */
  readonly truncated: number;
}

/** What became of a received alert; it is durable. */
export interface ReceivedOutcome {
  /** The thread key as shown: with `@C…` when not in SLACK_CHANNEL. */
  readonly key: string;
  /** The record that the alert is in: of its own problem, or of a fold. */
  readonly record: { readonly key: string; readonly channel: string };
  /** There are too many incidents: it is counted in one with others. */
  readonly folded?: true;
  /** Absent when the alert belongs to no incident (a resolve of something unknown). */
  readonly incidentId?: string;
  /** Null when the thread has no ts yet. */
  readonly threadTs: string | null;
  /** The thread is still to be posted. */
  readonly pending: boolean;
  /** The transition's named reason. */
  readonly reason: string;
}

/** What the webhook needs of the incidents. */
export abstract class AlertReceiver {
  /**
   * Applies a webhook's alerts in order and resolves when all are durable, one outcome for each, after waiting for the
   * ts of new threads at most WEBHOOK_WAIT.
   * @throws {StoreUnavailableError} at least one is not durable: the sender must try again (repeats do no harm)
   */
  abstract receive(alerts: readonly ReceivedAlert[]): Promise<readonly ReceivedOutcome[]>;
}
