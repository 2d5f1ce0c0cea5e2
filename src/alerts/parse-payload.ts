import type { Alert, AlertStatus } from '../domain/alert.js';
import type { AlertChannel } from './alert-channel.js';
import { isStatus, parseAlert } from './parse-alert.js';
import { keptLabels, type KeptLabels } from './fit-texts.js';
import { describe, Refusal } from './refusal.js';

/** Alerts taken of one webhook; those beyond are counted as truncated. */
export const MAX_ALERTS = 10_000;

export interface TakenAlert extends AlertChannel {
  readonly alert: Alert;
}

export interface RefusedAlert {
  /** Within the webhook: `alerts[3].labels.severity`. */
  readonly field: string;
  /** Field and reason. */
  readonly error: string;
}

export interface Payload {
  /** Absent where the webhook says neither firing nor resolved. */
  readonly status: AlertStatus | undefined;
  readonly groupKey: string | null;
  /** Alerts that the sender, or MAX_ALERTS, left out. */
  readonly truncated: number;
  /** In the webhook's order. */
  readonly alerts: readonly (TakenAlert | RefusedAlert)[];
}

export interface PayloadDefaults {
  /** Epoch milliseconds at which the webhook came. */
  readonly now: number;
  /** Where an alert with this label `slack_channel` goes. */
  readonly channel: (label: string | undefined) => AlertChannel;
  /** Labels that are never left out of an alert; by default those of any. */
  readonly kept?: KeptLabels;
}

const KEPT = keptLabels([]);

/** The body as a whole is no webhook. */
export class PayloadError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PayloadError';
  }
}

export const isRefused = (alert: TakenAlert | RefusedAlert): alert is RefusedAlert => 'error' in alert;

const parseOne = (
  value: unknown,
  index: number,
  status: AlertStatus | undefined,
  { now, channel, kept = KEPT }: PayloadDefaults,
): TakenAlert | RefusedAlert => {
  try {
    const alert = parseAlert(value, status, { now, kept });
    const where = channel(alert.labels['slack_channel']);
    return where.note === undefined ? { alert, channel: where.channel } : { alert, ...where };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const field = `alerts[${index}]${error.field === '' ? '' : '.'}${error.field}`;
    return { field, error: `${field}: ${error.reason}` };
  }
};

const count = (value: unknown): number =>
  Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : 0;

/**
 * Reads an Alertmanager webhook (version 4), Grafana's, which has more, or the bare form, which has less. By hand:
 * class-validator costs eight times the rest of the request. A bad alert is refused by itself.
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 * @throws {PayloadError}
 */
export const parsePayload = (body: unknown, defaults: PayloadDefaults): Payload => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new PayloadError(`the body: expected a JSON object, got ${describe(body)}`);
  }
  const { alerts, status, groupKey, truncatedAlerts } = body as Readonly<Record<string, unknown>>;
  if (!Array.isArray(alerts)) throw new PayloadError(`alerts: expected a list, got ${describe(alerts)}`);
  const webhookStatus = isStatus(status) ? status : undefined;
  const taken = Math.min(alerts.length, MAX_ALERTS);
  const parsed: (TakenAlert | RefusedAlert)[] = [];
  for (let i = 0; i < taken; i++) parsed.push(parseOne(alerts[i], i, webhookStatus, defaults));
  return {
    status: webhookStatus,
    groupKey: typeof groupKey === 'string' ? groupKey : null,
    truncated: count(truncatedAlerts) + alerts.length - taken,
    alerts: parsed,
  };
};
