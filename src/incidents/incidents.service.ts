import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { rulesOf } from '../config/rules.js';
import { Delivery } from '../delivery/delivery.js';
import type { Rules, TransitionContext, TransitionReason } from '../domain/events.js';
import { recordId, shownKey, shownTs, type ThreadRecord } from '../domain/record.js';
import { threadKey } from '../domain/thread-key.js';
import { transition } from '../domain/transition.js';
import { ThreadStore } from '../thread-store/thread-store.js';
import { AlertReceiver, type ReceivedAlert, type ReceivedOutcome } from './receive.js';
import { newIncidentId } from './new-incident-id.js';

/** The alerts of one webhook that share a thread, with their places in the webhook. */
interface Batch {
  readonly key: string;
  readonly channel: string;
  readonly alerts: ReceivedAlert[];
  readonly places: number[];
}

interface Applied {
  readonly reason: TransitionReason;
  readonly incidentId?: string;
}

/** Turns what the outside says into changes of incidents: load, transition, save, wake the delivery. */
@Injectable()
export class IncidentsService extends AlertReceiver {
  private readonly rules: Rules;

  constructor(
    private readonly store: ThreadStore,
    private readonly delivery: Delivery,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {
    super();
    this.rules = rulesOf(config);
  }

  override async receive(alerts: readonly ReceivedAlert[]): Promise<readonly ReceivedOutcome[]> {
    const context = { now: this.clock.now(), rules: this.rules, newIncidentId };
    const outcomes = new Array<ReceivedOutcome>(alerts.length);
    const batches = this.batches(alerts);
    await Promise.all(batches.map((batch) => this.applyBatch(batch, context, outcomes)));
    if (this.config.webhookWaitMs > 0) await this.waitForThreads(outcomes);
    return outcomes;
  }

  private batches(alerts: readonly ReceivedAlert[]): Batch[] {
    const { threadKeyLabels, environment } = this.config;
    const byId = new Map<string, Batch>();
    alerts.forEach((received, place) => {
      const key = threadKey(received.alert.labels, threadKeyLabels, environment);
      const id = recordId(key, received.channel);
      const batch = byId.get(id);
      if (batch === undefined) {
        byId.set(id, { key, channel: received.channel, alerts: [received], places: [place] });
      } else {
        batch.alerts.push(received);
        batch.places.push(place);
      }
    });
    return [...byId.values()];
  }

  private async applyBatch(batch: Batch, context: TransitionContext, outcomes: ReceivedOutcome[]): Promise<void> {
    const { key, channel, alerts, places } = batch;
    const applied: Applied[] = [];
    const record = await this.change(key, channel, (before) => {
      let next = before;
      for (const [i, { alert, truncated }] of alerts.entries()) {
        const step = transition(next, { type: 'alert', alert, truncated }, context);
        next = step.next;
        applied[i] = step;
      }
      return next;
    });
    for (const [i, place] of places.entries()) {
      const received = alerts[i];
      const result = applied[i];
      if (received === undefined || result === undefined) continue;
      const elsewhere =
        result.reason === 'unknown-resolve' ? await this.resolveElsewhere(received, context) : undefined;
      outcomes[place] = elsewhere ?? this.outcome(record, result);
    }
  }

  /** Labels in the key, or ENVIRONMENT, may have changed since the alert fired: it is looked for by its fingerprint. */
  private async resolveElsewhere(
    { alert, channel, truncated }: ReceivedAlert,
    context: TransitionContext,
  ): Promise<ReceivedOutcome | undefined> {
    const others = await this.store.findByFingerprint(alert.fingerprint);
    const other = others.find((record) => record.channel === channel);
    if (other === undefined) return undefined;
    let result: Applied = { reason: 'unknown-resolve' };
    const record = await this.change(other.key, other.channel, (before) => {
      const step = transition(before, { type: 'alert', alert, truncated }, context);
      result = step;
      return step.next;
    });
    return this.outcome(record, result);
  }

  /** Saves a change and wakes the delivery where there is something to show. */
  private async change(
    key: string,
    channel: string,
    change: (record: ThreadRecord) => ThreadRecord,
  ): Promise<ThreadRecord> {
    const seen = { changed: false };
    const record = await this.store.update(key, channel, (before) => {
      const next = change(before);
      seen.changed = next !== before;
      return next;
    });
    if (seen.changed && record.due !== null) this.delivery.wake(key, channel);
    return record;
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
