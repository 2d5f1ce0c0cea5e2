import { setImmediate as turn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Delivery } from '../delivery/delivery.js';
import type { AlertEvent, Transition, TransitionContext } from '../domain/events.js';
import { shownKey, shownTs, type ThreadRecord } from '../domain/record.js';
import { applyAlerts } from '../domain/transition.js';
import { ThreadStore, type RecordUpdate } from '../thread-store/thread-store.js';
import { batchesOf, eventOf, membersOf, type Batch } from './alert-batches.js';
import { Folding } from './folding.js';
import { IncidentChanges } from './incident-changes.js';
import { AlertReceiver, type ReceivedAlert, type ReceivedOutcome } from './receive.js';

/** Alerts of a webhook from which on other work gets a turn in between. */
const MANY = 500;

/** What became of the alerts of a batch, in its order. */
interface Applied {
  results: readonly Omit<Transition, 'next'>[];
  changed: boolean;
  /** Why its record could not be changed. */
  failure: { readonly error: unknown } | undefined;
}

/** Turns what the outside says into changes of incidents: load, transition, save, wake the delivery. */
@Injectable()
export class IncidentsService extends AlertReceiver {
  constructor(
    private readonly store: ThreadStore,
    private readonly delivery: Delivery,
    private readonly config: Config,
    private readonly changes: IncidentChanges,
    private readonly folding: Folding,
  ) {
    super();
  }

  override async receive(alerts: readonly ReceivedAlert[]): Promise<readonly ReceivedOutcome[]> {
    const { threadKeyLabels, environment, webhookWaitMs } = this.config;
    const batches = await this.folding.route(batchesOf(alerts, threadKeyLabels, environment));
    if (alerts.length > MANY) await turn();
    const context = this.changes.context();
    const applied = batches.map((): Applied => ({ results: [], changed: false, failure: undefined }));
    const records = await this.store.updateAll(
      batches.map((batch, i) => this.applying(batch, applied[i] as Applied, context)),
    );
    if (alerts.length > MANY) await turn();
    const outcomes = await this.outcomes(batches, applied, records);
    refuseFailed(batches, applied);
    if (webhookWaitMs > 0) await this.waitForThreads(outcomes);
    return outcomes;
  }

  /** The change that a batch makes. */
  private applying(batch: Batch, applied: Applied, context: Omit<TransitionContext, 'rolls'>): RecordUpdate {
    const { key, channel } = batch;
    const events = batch.alerts.map(eventOf);
    return {
      key,
      channel,
      change: (before, rolls) => {
        applied.failure = undefined;
        try {
          const { next, results } = applyAlerts(before, events, { ...context, rolls });
          applied.results = results;
          applied.changed = next !== before;
          return next;
        } catch (error) {
          applied.failure = { error }; // told once the others are durable
          rolls.discard();
          applied.changed = false;
          return before;
        }
      },
      members: membersOf(events),
    };
  }

  /** In the webhook's order. */
  private async outcomes(
    batches: readonly Batch[],
    applied: readonly Applied[],
    records: readonly ThreadRecord[],
  ): Promise<ReceivedOutcome[]> {
    const outcomes: ReceivedOutcome[] = [];
    for (const [at, { alerts }] of batches.entries()) {
      const record = records[at];
      const { results = [], changed = false } = applied[at] ?? {};
      if (record === undefined) continue;
      if (changed && record.due !== null) this.delivery.wake(record.key, record.channel);
      if (applied[at]?.failure !== undefined) continue;
      for (const [i, { received, place, key, problem }] of alerts.entries()) {
        const result = results[i];
        if (result === undefined) continue;
        const elsewhere = result.reason === 'unknown-resolve' ? await this.resolveElsewhere(received) : undefined;
        const own = problem === undefined ? record : { key, channel: received.channel };
        outcomes[place] = elsewhere ?? this.outcome(record, result, own);
      }
    }
    return outcomes;
  }

  /** Labels in the key, or ENVIRONMENT, may have changed since the alert fired: it is looked for by its fingerprint. */
  private async resolveElsewhere({ alert, channel, truncated }: ReceivedAlert): Promise<ReceivedOutcome | undefined> {
    const others = await this.store.findByFingerprint(alert.fingerprint);
    const other = others.find((record) => record.channel === channel);
    if (other === undefined) return undefined;
    const event: AlertEvent = { type: 'alert', alert, truncated };
    const changed = await this.changes.change(
      other,
      (before, context) => {
        const { next, results } = applyAlerts(before, [event], context);
        return { next, ...(results[0] as Omit<Transition, 'next'>) };
      },
      membersOf([event]),
    );
    return this.outcome(changed.record, changed, changed.record);
  }

  /** @param own key and channel of the alert's problem; another one than the record's where that is a fold */
  private outcome(
    record: ThreadRecord,
    { reason, incidentId }: Omit<Transition, 'next'>,
    own: Pick<ThreadRecord, 'key' | 'channel'>,
  ): ReceivedOutcome {
    const threadTs = incidentId === undefined ? null : shownTs(record);
    return {
      key: shownKey(own, this.config.slackChannel),
      record: { key: record.key, channel: record.channel },
      ...(own === record ? {} : { folded: true }),
      ...(incidentId === undefined ? {} : { incidentId }),
      threadTs,
      pending: incidentId !== undefined && threadTs === null,
      reason,
    };
  }

  /** Gives new threads a moment to appear, so that the answer can name them. */
  private async waitForThreads(outcomes: ReceivedOutcome[]): Promise<void> {
    const waits = new Map<string, Promise<string | null>>();
    const shown = ({ record: { key, channel } }: ReceivedOutcome): Promise<string | null> => {
      const id = `${channel} ${key}`;
      const wait = waits.get(id) ?? this.delivery.threadShown(key, channel, this.config.webhookWaitMs);
      waits.set(id, wait);
      return wait;
    };
    await Promise.all(
      outcomes.map(async (outcome, place) => {
        if (!outcome.pending) return;
        const threadTs = await shown(outcome);
        if (threadTs !== null) outcomes[place] = { ...outcome, threadTs, pending: false };
      }),
    );
  }
}

/** The webhook's other alerts are durable: to send it again changes nothing about them. */
const refuseFailed = (batches: readonly Batch[], applied: readonly Applied[]): void => {
  for (const [i, { failure }] of applied.entries()) {
    const key = batches[i]?.key ?? '';
    if (failure !== undefined) throw new Error(`record of ${key} could not be changed`, { cause: failure.error });
  }
};
