import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Delivery } from '../delivery/delivery.js';
import type { TransitionContext, TransitionReason } from '../domain/events.js';
import { shownKey, shownTs, type ThreadRecord } from '../domain/record.js';
import { threadKey } from '../domain/thread-key.js';
import { transition } from '../domain/transition.js';
import { ThreadStore, type RecordUpdate } from '../thread-store/thread-store.js';
import { IncidentChanges } from './incident-changes.js';
import { AlertReceiver, type ReceivedAlert, type ReceivedOutcome } from './receive.js';

/** The alerts of one webhook that share a thread, with their places in the webhook. */
interface Batch {
  readonly key: string;
  readonly channel: string;
  readonly alerts: ReceivedAlert[];
  readonly places: number[];
  /** What became of each, in the same order. */
  readonly applied: Applied[];
  changed: boolean;
}

interface Applied {
  readonly reason: TransitionReason;
  readonly incidentId?: string;
}

/** Turns what the outside says into changes of incidents: load, transition, save, wake the delivery. */
@Injectable()
export class IncidentsService extends AlertReceiver {
  constructor(
    private readonly store: ThreadStore,
    private readonly delivery: Delivery,
    private readonly config: Config,
    private readonly changes: IncidentChanges,
  ) {
    super();
  }

  override async receive(alerts: readonly ReceivedAlert[]): Promise<readonly ReceivedOutcome[]> {
    const context = this.changes.context();
    const batches = this.batches(alerts);
    const records = await this.store.updateAll(batches.map((batch) => this.applying(batch, context)));
    const outcomes = new Array<ReceivedOutcome>(alerts.length);
    for (const [at, { places, applied, changed }] of batches.entries()) {
      const record = records[at];
      if (record === undefined) continue;
      if (changed && record.due !== null) this.delivery.wake(record.key, record.channel);
      for (const [i, place] of places.entries()) {
        const received = alerts[place];
        const result = applied[i];
        if (received === undefined || result === undefined) continue;
        const elsewhere = result.reason === 'unknown-resolve' ? await this.resolveElsewhere(received) : undefined;
        outcomes[place] = elsewhere ?? this.outcome(record, result);
      }
    }
    if (this.config.webhookWaitMs > 0) await this.waitForThreads(outcomes);
    return outcomes;
  }

  private batches(alerts: readonly ReceivedAlert[]): Batch[] {
    const { threadKeyLabels, environment } = this.config;
    // By channel, then by key: the store looks the same string up next, whose hash is then known.
    const byChannel = new Map<string, Map<string, Batch>>();
    const batches: Batch[] = [];
    for (const [place, received] of alerts.entries()) {
      const key = threadKey(received.alert.labels, threadKeyLabels, environment);
      const { channel } = received;
      let byKey = byChannel.get(channel);
      if (byKey === undefined) byChannel.set(channel, (byKey = new Map<string, Batch>()));
      let batch = byKey.get(key);
      if (batch === undefined) {
        batch = { key, channel, alerts: [received], places: [place], applied: [], changed: false };
        byKey.set(key, batch);
        batches.push(batch);
      } else {
        batch.alerts.push(received);
        batch.places.push(place);
      }
    }
    return batches;
  }

  /** The change that a batch makes; what became of each alert is noted in the batch. */
  private applying(batch: Batch, context: TransitionContext): RecordUpdate {
    const { key, channel, alerts, applied } = batch;
    return {
      key,
      channel,
      change: (before) => {
        let next = before;
        for (let i = 0; i < alerts.length; i++) {
          const received = alerts[i];
          if (received === undefined) continue;
          const { alert, truncated } = received;
          const step = transition(next, { type: 'alert', alert, truncated }, context);
          next = step.next;
          applied[i] = step;
        }
        batch.changed = next !== before;
        return next;
      },
    };
  }

  /** Labels in the key, or ENVIRONMENT, may have changed since the alert fired: it is looked for by its fingerprint. */
  private async resolveElsewhere({ alert, channel, truncated }: ReceivedAlert): Promise<ReceivedOutcome | undefined> {
    const others = await this.store.findByFingerprint(alert.fingerprint);
    const other = others.find((record) => record.channel === channel);
    if (other === undefined) return undefined;
    const changed = await this.changes.change(other, (before, context) =>
      transition(before, { type: 'alert', alert, truncated }, context),
    );
    return this.outcome(changed.record, changed);
  }

  private outcome(record: ThreadRecord, { reason, incidentId }: Applied): ReceivedOutcome {
    const threadTs = incidentId === undefined ? null : shownTs(record);
    return {
      key: shownKey(record, this.config.slackChannel),
      channel: record.channel,
      ...(incidentId === undefined ? {} : { incidentId }),
      threadTs,
      pending: incidentId !== undefined && threadTs === null,
      reason,
    };
  }

  /** Gives new threads a moment to appear, so that the answer can name them. */
  private async waitForThreads(outcomes: ReceivedOutcome[]): Promise<void> {
    const { webhookWaitMs, slackChannel } = this.config;
    await Promise.all(
      outcomes.map(async (outcome, place) => {
        if (!outcome.pending) return;
        const suffix = outcome.channel === slackChannel ? 0 : outcome.channel.length + 1;
        const key = outcome.key.slice(0, outcome.key.length - suffix);
        const threadTs = await this.delivery.threadShown(key, outcome.channel, webhookWaitMs);
        if (threadTs !== null) outcomes[place] = { ...outcome, threadTs, pending: false };
      }),
    );
  }
}
