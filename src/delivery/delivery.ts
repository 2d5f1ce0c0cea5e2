import type { DeliveryError } from '../domain/record.js';

/** Why nothing goes to a channel, or to Slack at all. */
export interface Outage extends DeliveryError {
  /** A channel id; absent when the app itself is refused, or when no call to Slack goes through. */
  readonly channel?: string;
  /** Epoch milliseconds of the first refusal in a row (`at` is the latest). */
  readonly since: number;
}

/** `failed`: it could not be planned or worked on. `unmade`: a message of it could not be made, and a plain one says so. */
export type ApartReason = 'failed' | 'unmade';

/** A record that is tried again by itself, slowly, because something is wrong with it. */
export interface RecordApart {
  readonly key: string;
  readonly channel: string;
  readonly reason: ApartReason;
  /** Epoch milliseconds of the first failure in a row. */
  readonly since: number;
  /** The error's code, or its name. */
  readonly code: string;
  /** Failures in a row. */
  readonly tries: number;
}

export interface DeliveryStatus {
  /** Records whose turn for a call to Slack is to come in this process. How far Slack is behind, the store says. */
  readonly ready: number;
  readonly outages: readonly Outage[];
  /** Of this process. */
  readonly apart: readonly RecordApart[];
  /** Calls to Slack since the start, by method and outcome (`ok` or an error kind). */
  readonly calls: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Brings Slack's threads in line with the store. It is told that a record changed, never what to send. */
export abstract class Delivery {
  /** The record changed: look at it soon. Costs next to nothing. */
  abstract wake(key: string, channel: string): void;

  /** The ts of the record's thread as soon as it has one, null when `ms` passed before. */
  abstract threadShown(key: string, channel: string, ms: number): Promise<string | null>;

  abstract status(): DeliveryStatus;
}
