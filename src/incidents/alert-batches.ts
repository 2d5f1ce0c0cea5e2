import type { AlertEvent } from '../domain/events.js';
import { memberId } from '../domain/roll.js';
import { threadKey } from '../domain/thread-key.js';
import type { ReceivedAlert } from './receive.js';

/** An alert of a webhook on its way into a record. */
export interface PlacedAlert {
  readonly received: ReceivedAlert;
  /** Its place in the webhook. */
  readonly place: number;
  /** Its thread key; that of the record, where the record is no fold. */
  readonly key: string;
  readonly problem?: NonNullable<AlertEvent['problem']>;
}

/** The alerts of one webhook that share a record. */
export interface Batch {
  readonly key: string;
  readonly channel: string;
  readonly alerts: PlacedAlert[];
}

/** Alerts by the record that they belong to, in the webhook's order. */
export const batchesOf = (
  alerts: readonly ReceivedAlert[],
  keyLabels: readonly string[],
  environment: string,
): readonly Batch[] => {
  // By channel, then by key: the store looks the same string up next, whose hash is then known.
  const batches = new Batches();
  for (const [place, received] of alerts.entries()) {
    const key = threadKey(received.alert.labels, keyLabels, environment);
    batches.add(key, received.channel, { received, place, key });
  }
  return batches.all;
};

/** Collects alerts by record. */
export class Batches {
  readonly all: Batch[] = [];
  private readonly channels = new Map<string, Map<string, Batch>>();

  add(key: string, channel: string, alert: PlacedAlert): void {
    let byKey = this.channels.get(channel);
    if (byKey === undefined) this.channels.set(channel, (byKey = new Map<string, Batch>()));
    const batch = byKey.get(key);
    if (batch !== undefined) {
      batch.alerts.push(alert);
      return;
    }
    const added: Batch = { key, channel, alerts: [alert] };
    byKey.set(key, added);
    this.all.push(added);
  }
}

export const eventOf = ({ received: { alert, truncated }, problem }: PlacedAlert): AlertEvent => ({
  type: 'alert',
  alert,
  truncated,
  ...(problem === undefined ? {} : { problem }),
});

/** Rows of the record's roll that these events may read. */
export const membersOf = (events: readonly AlertEvent[]): readonly string[] => {
  const members: string[] = [];
  for (const { alert, problem } of events) {
    members.push(memberId(alert.fingerprint));
    if (problem !== undefined) members.push(problem.id);
  }
  return members;
};
