import type { AlertServer } from '../domain/incident.js';
import type { Matcher } from '../domain/matcher.js';

/** A silence to be made, or changed where it has an id. Times are epoch milliseconds. */
export interface SilenceDraft {
  /** Of the silence to change. The answer may have another one: a silence whose matchers change is made anew. */
  readonly id?: string;
  readonly matchers: readonly Matcher[];
  readonly startsAt: number;
  readonly endsAt: number;
  readonly createdBy: string;
  readonly comment: string;
}

export interface SilenceState {
  readonly id: string;
  readonly state: 'pending' | 'active' | 'expired';
  readonly matchers: readonly Matcher[];
  readonly startsAt: number;
  readonly endsAt: number;
  readonly createdBy: string;
  readonly comment: string;
}

/** An alert as its source knows it now: firing, silenced or not. */
export interface SourceAlert {
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly silencedBy: readonly string[];
}

export type SilenceErrorKind =
  /** The request never took effect: connection refused, 503. */
  | 'unavailable'
  /** It may have taken effect: a time-out, a broken connection, 500, 502, 504. */
  | 'ambiguous'
  /** The server refuses who we are: 401, 403. */
  | 'auth'
  /** The server refuses what we ask: 400 and the like. `message` says why. */
  | 'refused';

/** A silence could not be made, changed or read. The message is for people, holds no secret and may hold the server's own words. */
export class SilenceError extends Error {
  constructor(
    readonly kind: SilenceErrorKind,
    /** `http_401`, `time_out`, `ECONNREFUSED`. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'SilenceError';
  }
}

/** The silences of one Alertmanager, or of one Grafana. Each method throws a {@link SilenceError}. */
export abstract class SilenceClient {
  /** For people: `Alertmanager` or `Grafana`. */
  abstract readonly name: string;

  /** Makes or changes a silence. @returns its id */
  abstract put(draft: SilenceDraft): Promise<string>;

  /** Undefined: there is none with this id (any more). */
  abstract get(id: string): Promise<SilenceState | undefined>;

  /** Every silence that the server still knows, ended ones too. */
  abstract list(): Promise<readonly SilenceState[]>;

  /** Ends a silence; one that has ended or is unknown is fine. */
  abstract expire(id: string): Promise<void>;

  /** Alerts that fire now and meet every matcher, silenced and inhibited ones too. */
  abstract alerts(matchers: readonly Matcher[]): Promise<readonly SourceAlert[]>;

  /** Epoch milliseconds at which the server started; null where it does not say (Grafana). */
  abstract startedAt(): Promise<number | null>;
}

/** The servers that are configured. */
export abstract class Silences {
  /** Undefined: ALERTMANAGER_URL or GRAFANA_URL is not set, so there is no silencing. */
  abstract of(server: AlertServer): SilenceClient | undefined;
}
