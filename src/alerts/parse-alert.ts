import type { Alert, AlertLinks, AlertStatus } from '../domain/alert.js';
import { fingerprintOf } from './fingerprint.js';
import { describe, Refusal } from './refusal.js';
import { parseRfc3339 } from './rfc3339.js';
import { type KeptLabels } from './fit-texts.js';
import { readAnnotations, readLabels } from './text-map.js';

const NO_ANNOTATIONS: Readonly<Record<string, string>> = Object.freeze({});
/** What Alertmanager writes for an end that has not come, in every firing alert. */
const NO_TIME = '0001-01-01T00:00:00Z';
/** Slack takes no longer link. */
const MAX_LINK = 3_000;

export const isStatus = (value: unknown): value is AlertStatus => value === 'firing' || value === 'resolved';

const statusOf = (own: unknown, ofWebhook: AlertStatus | undefined): AlertStatus => {
  if (isStatus(own)) return own;
  if (own !== undefined && own !== null) {
    throw new Refusal('status', `expected "firing" or "resolved", got ${describe(own)}`);
  }
  if (ofWebhook === undefined) throw new Refusal('status', 'neither the alert nor the webhook says firing or resolved');
  return ofWebhook;
};

/** Go writes "no time" as year 1; times at or before 1970 are none either. */
const startOf = (value: unknown): number | undefined => {
  if (value === undefined || value === null || value === '') return undefined;
  const time = typeof value === 'string' ? parseRfc3339(value) : NaN;
  if (Number.isNaN(time))
    throw new Refusal('startsAt', `expected a time such as 2024-01-15T14:30:25Z, got ${describe(value)}`);
  return time > 0 ? time : undefined;
};

const endOf = (value: unknown): number | null => {
  if (value === NO_TIME) return null;
  const time = typeof value === 'string' ? parseRfc3339(value) : NaN;
  return time > 0 ? time : null;
};

const link = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= MAX_LINK ? value : undefined;

const linksOf = (alert: Readonly<Record<string, unknown>>): AlertLinks | undefined => {
  const generator = link(alert['generatorURL']);
  const dashboard = link(alert['dashboardURL']);
  const panel = link(alert['panelURL']);
  if (dashboard === undefined && panel === undefined) return generator === undefined ? undefined : { generator };
  return {
    ...(generator !== undefined && { generator }),
    ...(dashboard !== undefined && { dashboard }),
    ...(panel !== undefined && { panel }),
  };
};

/**
 * One element of a webhook's `alerts`, checked.
 * @param webhookStatus what an alert without a status of its own has
 * @param facts when the webhook came (the start of an alert that names none), and labels that are never left out
 * @throws {Refusal}
 */
export const parseAlert = (
  value: unknown,
  webhookStatus: AlertStatus | undefined,
  { now, kept }: { readonly now: number; readonly kept: KeptLabels },
): Alert => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal('', `expected an object, got ${describe(value)}`);
  }
  const given = value as Readonly<Record<string, unknown>>;
  const { labels, whole } = readLabels(given['labels'], kept);
  const annotations = given['annotations'];
  const links = linksOf(given);
  const startsAt = startOf(given['startsAt']);
  const alert: { -readonly [K in keyof Alert]: Alert[K] } = {
    fingerprint: fingerprintOf(given['fingerprint'], whole),
    status: statusOf(given['status'], webhookStatus),
    labels,
    annotations:
      annotations === undefined || annotations === null ? NO_ANNOTATIONS : readAnnotations(annotations, labels),
    startsAt: startsAt ?? now,
    endsAt: endOf(given['endsAt']),
  };
  if (startsAt === undefined) alert.startAssumed = true;
  if (links !== undefined) alert.links = links;
  // Only Grafana writes where to silence the alert (empty where it can't tell), and the values of its queries.
  if (typeof given['silenceURL'] === 'string' || typeof given['valueString'] === 'string') alert.source = 'grafana';
  return alert;
};
