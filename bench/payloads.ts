import { readFileSync } from 'node:fs';

interface Webhook {
  readonly alerts: readonly { readonly labels: Record<string, string>; readonly fingerprint: string }[];
}

/** Stands for a number that differs from alert to alert, in a captured webhook. */
const MARK = '@@@@@@@@';

const capture = JSON.parse(readFileSync('test/fixtures/webhooks/am025-firing-1.json', 'utf8')) as Webhook;

/** A webhook of `count` alerts as Alertmanager sends it, each with a thread of its own. */
const template = (count: number): string => {
  const [alert] = capture.alerts;
  const alerts = Array.from({ length: count }, (_, i) => ({
    ...alert,
    labels: { ...alert?.labels, alertname: `Bench${MARK}x${String(i)}` },
    fingerprint: `${MARK}${i.toString(16).padStart(8, '0')}`,
  }));
  return JSON.stringify({ ...capture, alerts });
};

/** The same webhook again and again. */
export const repeated = (count: number): (() => string) => {
  const body = template(count).replaceAll(MARK, '00000000');
  return () => body;
};

/** Each webhook has alerts that were never seen before. */
export const fresh = (count: number): (() => string) => {
  const text = template(count);
  let next = 0x10000000;
  return () => text.replaceAll(MARK, (next++).toString(16).padStart(8, '0'));
};

/** The same alerts, over. */
export const resolvedTwin = (webhook: string): string =>
  webhook
    .replaceAll('"status":"firing"', '"status":"resolved"')
    .replaceAll('"endsAt":"0001-01-01T00:00:00Z"', `"endsAt":"${new Date().toISOString()}"`);

/** Webhooks of `count` alerts out of a population of live threads, in turn. */
export const outOf = (population: number, count: number): (() => string) => {
  const bodies = Array.from({ length: Math.min(1_000, population / count) }, (_, i) => {
    const stride = Math.floor(population / Math.min(1_000, population / count));
    return livePayload(Array.from({ length: count }, (_unused, k) => i * stride + (k % stride)));
  });
  let next = 0;
  return () => bodies[next++ % bodies.length] ?? '';
};

export const liveAlert = (n: number): Record<string, unknown> => ({
  ...capture.alerts[0],
  labels: { ...capture.alerts[0]?.labels, alertname: `Live${String(n)}` },
  fingerprint: n.toString(16).padStart(16, '0'),
});

const livePayload = (numbers: readonly number[]): string => payloadOf(numbers.map(liveAlert));

export const payloadOf = (alerts: readonly object[]): string => JSON.stringify({ ...capture, alerts });
