import { readFileSync } from 'node:fs';

interface CapturedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

interface Captured {
  readonly alerts: readonly CapturedAlert[];
  readonly [field: string]: unknown;
}

/** A webhook of 100 alerts as Alertmanager sends it. From the root, where tests and benches run. */
const FILE = 'test/fixtures/webhooks/am025-firing-100.json';

let captured: Captured | undefined;
const capture = (): Captured => (captured ??= JSON.parse(readFileSync(FILE, 'utf8')) as Captured);

export interface WideOptions {
  /** Number of the first alert; the same number is the same alert. Default 0. */
  readonly from?: number;
  /** Default 'firing'. */
  readonly status?: 'firing' | 'resolved';
  /** Labels of the alert with this number instead of the capture's, or beside them. */
  readonly labels?: (n: number) => Readonly<Record<string, string>>;
  /** Default: those of the capture. */
  readonly startsAt?: string;
  /** Default 'A host is down'. */
  readonly title?: string;
}

/** Spreads over all 64 bits, as Alertmanager's do. */
const fingerprintOf = (n: number): string =>
  BigInt.asUintN(64, (BigInt(n) + 1n) * 0x9e37_79b9_7f4a_7c15n)
    .toString(16)
    .padStart(16, '0');

/**
 * The captured webhook widened to many alerts of one thread, each with an instance and a fingerprint of its own.
 * @param which how many, or their numbers
 */
export const wideWebhook = (
  which: number | readonly number[],
  { from = 0, status = 'firing', labels = () => ({}), startsAt, title = 'A host is down' }: WideOptions = {},
): string => {
  const { alerts, ...rest } = capture();
  const endsAt = status === 'firing' ? '0001-01-01T00:00:00Z' : new Date().toISOString();
  const numbers = typeof which === 'number' ? Array.from({ length: which }, (_, i) => from + i) : which;
  const widened = numbers.map((n) => {
    const alert = alerts[n % alerts.length] as CapturedAlert;
    return {
      ...alert,
      status,
      labels: { ...alert.labels, instance: `host-${String(n).padStart(5, '0')}.prod.example.com:9100`, ...labels(n) },
      annotations: { ...alert.annotations, summary: title },
      ...(startsAt === undefined ? {} : { startsAt }),
      endsAt,
      fingerprint: fingerprintOf(n),
    };
  });
  return JSON.stringify({ ...rest, status, alerts: widened });
};
