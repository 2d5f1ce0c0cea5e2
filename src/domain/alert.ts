/** Severity that a label may name; any other text is allowed and ranks below `debug`. */
const SEVERITY_RANK: ReadonlyMap<string, number> = new Map([
  ['critical', 5],
  ['error', 4],
  ['warning', 3],
  ['info', 2],
  ['debug', 1],
]);

export type AlertStatus = 'firing' | 'resolved';

/** One alert of a webhook, checked and in our own words. Times are epoch milliseconds. */
export interface Alert {
  /** Alertmanager's hash of the labels, or ours where the sender gave none. */
  readonly fingerprint: string;
  readonly status: AlertStatus;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** When the episode began. It moves back when a second Prometheus reports the same alert. */
  readonly startsAt: number;
  /** The sender gave no start: it is the time at which we heard of the alert. */
  readonly startAssumed?: true;
  /** When the episode ended; null while it fires (Alertmanager writes year 1) or where the sender gave none. */
  readonly endsAt: number | null;
  /** Grafana manages the alert, and its silences; else Alertmanager does. */
  readonly source?: 'grafana';
  /** Links that the sender gave, unchecked: rendering builds a link from http(s) ones only. */
  readonly links?: AlertLinks;
}

export interface AlertLinks {
  /** The expression in Prometheus, or the rule in Grafana. */
  readonly generator?: string;
  readonly dashboard?: string;
  readonly panel?: string;
}

/** Severities where there may be only so many, as in figures. */
export const SEVERITY_CLASSES = ['critical', 'error', 'warning', 'info', 'debug', 'other'] as const;
export type SeverityClass = (typeof SEVERITY_CLASSES)[number];

const CLASS_OF: ReadonlyMap<string, SeverityClass> = new Map(SEVERITY_CLASSES.map((name) => [name, name]));

/** A severity that a label may name, in whatever case; any other text is `other`. */
export const severityClass = (severity: string): SeverityClass =>
  CLASS_OF.get(severity) ?? CLASS_OF.get(severity.toLowerCase()) ?? 'other';

export const DEFAULT_SEVERITY = 'info';

export const severityOf = (alert: Pick<Alert, 'labels'>): string => alert.labels['severity'] ?? DEFAULT_SEVERITY;

/** Order of severities: a higher number is worse. Unknown names rank lowest, so they never hide a known one. */
export const severityRank = (severity: string): number => SEVERITY_RANK.get(severity.toLowerCase()) ?? 0;
