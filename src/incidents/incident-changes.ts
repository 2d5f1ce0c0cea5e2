import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { rulesOf } from '../config/rules.js';
import { Delivery } from '../delivery/delivery.js';
import type { Rules, Transition, TransitionContext } from '../domain/events.js';
import type { ThreadRecord } from '../domain/record.js';
import { ThreadStore, type RecordChange } from '../thread-store/thread-store.js';
import { newIncidentId } from './new-incident-id.js';

/** What became of a change; it is durable. */
export interface Changed extends Pick<Transition, 'reason' | 'incidentId'> {
  readonly record: ThreadRecord;
}

/** Load, transition, save, wake the delivery: the way of every change of an incident. */
@Injectable()
export class IncidentChanges {
  private readonly rules: Rules;

  constructor(
    private readonly store: ThreadStore,
    private readonly delivery: Delivery,
    config: Config,
    private readonly clock: Clock,
  ) {
    this.rules = rulesOf(config);
  }

  /** What transitions need of this moment, beside the rows that a change may read. */
  context(): Omit<TransitionContext, 'rolls'> {
    return { now: this.clock.now(), rules: this.rules, newIncidentId };
  }

  /**
   * @param members ids of the rows that the step may read
   * @throws {StoreUnavailableError} nothing was changed
   */
  async change(
    { key, channel }: Pick<ThreadRecord, 'key' | 'channel'>,
    step: (before: ThreadRecord, context: TransitionContext) => Transition,
    members: readonly string[] = [],
  ): Promise<Changed> {
    const context = this.context();
    let result: Transition | undefined;
    const change: RecordChange = (before, rolls) => {
      result = step(before, { ...context, rolls });
      return result.next;
    };
    const record = await this.store.update(key, channel, change, members);
    if (record.due !== null) this.delivery.wake(key, channel);
    const { reason, incidentId } = result as unknown as Transition; // the store has called the change
    return { record, reason, ...(incidentId === undefined ? {} : { incidentId }) };
  }
}
