import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../clock/clock.js';
import { dropFinished } from '../domain/closed-episodes.js';
import { takenOver } from '../domain/claims.js';
import { moved } from '../domain/thread-repairs.js';
import { plan, stillWanted } from '../domain/plan.js';
import { threadsOf, type IncidentThread, type ThreadRecord } from '../domain/record.js';
import type { Step } from '../domain/step.js';
import { isUnmade } from '../domain/unmade-card.js';
import { timePasses } from '../domain/transition.js';
import type { AppLogger } from '../logging/logger.js';
import type { ThreadStore } from '../thread-store/thread-store.js';
import type { ClaimedCalls } from './claimed-call.js';
import type { DeliveryQueue, Work } from './delivery-queue.js';
import type { FailurePolicy } from './failure-policy.js';
import { flowOf } from './flow.js';
import { laneOf, type LaneName } from './lane.js';
import type { PlanContexts } from './plan-contexts.js';
import { isOfRecord, type RecordsApart } from './records-apart.js';
import type { SlackSteps } from './slack-steps.js';

const NO_LANES: ReadonlySet<LaneName> = new Set();

/** Alarms nearer than this are kept as timers; the sweep finds the others. Milliseconds. */
const ALARM_WITHIN_MS = 15_000;
/** A record whose work failed for a reason of ours (store away, a bug) is looked at again so much later. */
const AGAIN_MS = 1_000;
/** What another replica brought about is its own for so long: not all of them go for it at once. Milliseconds. */
export const OTHERS_FIRST_MS = 200;

/** Who changed a record: this process, or another one, which then goes on with it first. */
export type ChangedBy = 'us' | 'others';

/** Brings one record's threads a step nearer to what they should show, whenever its turn comes. */
export class Reconciler {
  private readonly running = new Set<string>();
  private readonly alarms = new Map<string, () => void>();
  private readonly shownListeners = new Set<(work: Work, record: ThreadRecord) => void>();
  private stopped = false;

  constructor(
    private readonly store: ThreadStore,
    private readonly queue: DeliveryQueue,
    private readonly steps: SlackSteps,
    private readonly calls: ClaimedCalls,
    private readonly policy: FailurePolicy,
    private readonly clock: Clock,
    private readonly contexts: PlanContexts,
    private readonly apart: RecordsApart,
    private readonly logger: AppLogger,
    private readonly defaultChannel: string,
  ) {}

  /** Tells of each record that a step changed. */
  onStep(listener: (work: Work, record: ThreadRecord) => void): void {
    this.shownListeners.add(listener);
  }

  /** Puts a record into the lanes of its next steps. One that cannot be planned is set apart. */
  place(work: Work, record: ThreadRecord, changedBy: ChangedBy = 'us'): void {
    if (this.stopped || this.running.has(work.id)) return;
    try {
      this.placePlanned(work, record, changedBy);
    } catch (error) {
      this.setApart(work, error);
    }
  }

  private placePlanned(work: Work, record: ThreadRecord, changedBy: ChangedBy): void {
    const { steps, wakeAt, held } = plan(record, this.contexts.of(work.id));
    const lanes = new Set<LaneName>();
    const flow = steps.length === 0 ? '' : flowOf(record);
    for (const step of steps) {
      const lane = this.lane(record, step);
      this.queue.schedule(work, lane, step.priority, flow);
      lanes.add(lane);
    }
    // Others may have done what stands in the queue.
    if (this.contexts.shared) this.queue.keepOnly(work, lanes);
    this.setAlarm(work, wakeAt === null || changedBy === 'us' ? wakeAt : wakeAt + OTHERS_FIRST_MS);
    const isDue = record.due !== null && record.due <= this.clock.now();
    if (steps.length === 0 && isDue && !held) void this.nothingToShow(work);
    if (steps.length === 0 && !threadsOf(record).some(({ delivery }) => isUnmade(delivery))) this.apart.settled(work);
  }

  /** Its next try comes with time, or when somebody changes it. */
  private setApart(work: Work, error: unknown): void {
    this.apart.failed(work, 'failed', error);
    this.queue.keepOnly(work, NO_LANES);
    this.setAlarm(work, null);
  }

  /** It changed, but nothing that Slack shows: it is no longer due, or each sweep would look at it again. */
  private async nothingToShow(work: Work): Promise<void> {
    try {
      await this.calls.settleDue(work);
    } catch (error) {
      if (isOfRecord(error)) this.setApart(work, error);
      // The next sweep comes by again.
      else this.logger.warn({ threadKey: work.key, channel: work.channel, err: error }, 'record could not be settled');
    }
  }

  /** One step of a record in this lane. @returns whether Slack was asked */
  async run(work: Work, lane: LaneName): Promise<boolean> {
    const { id } = work;
    if (this.running.has(id)) return false; // It is placed again when the running step ends.
    this.running.add(id);
    let called = false;
    let broken: unknown;
    try {
      const record = await this.store.get(work.key, work.channel);
      const step = record && plan(record, this.contexts.of(id)).steps.find((one) => this.lane(record, one) === lane);
      if (record !== undefined && step !== undefined) called = await this.perform(work, record, step, lane);
    } catch (error) {
      broken = error;
    } finally {
      this.running.delete(id);
    }
    if (broken === undefined) await this.placeAgain(work, false, called ? 'us' : 'others');
    else if (isOfRecord(broken)) this.setApart(work, broken);
    else {
      this.logger.error({ threadKey: work.key, channel: work.channel, lane, err: broken }, 'delivery step failed');
      await this.placeAgain(work, true);
    }
    return called;
  }

  /** Begins nothing new: no more alarms, no more claims, and no more waiting for a store that is down. */
  stop(): void {
    this.stopped = true;
    this.calls.stop();
    for (const cancel of this.alarms.values()) cancel();
    this.alarms.clear();
  }

  /** Looks at everything that waits in a lane again, because what may go there changed. */
  placeLane(lane: LaneName): void {
    for (const work of this.queue.drain(lane)) void this.placeAgain(work, false);
  }

  async placeAgain(work: Work, later: boolean, changedBy: ChangedBy = 'us'): Promise<void> {
    if (this.stopped) return;
    try {
      if (later) {
        this.setAlarm(work, this.clock.now() + AGAIN_MS);
        return;
      }
      const record = await this.store.get(work.key, work.channel);
      if (record === undefined) this.setAlarm(work, null);
      else this.place(work, record, this.contexts.shared ? changedBy : 'us');
    } catch (error) {
      if (isOfRecord(error)) {
        this.setApart(work, error);
        return;
      }
      this.logger.error({ threadKey: work.key, channel: work.channel, err: error }, 'record could not be read');
      this.setAlarm(work, this.clock.now() + AGAIN_MS);
    }
  }

  private async perform(work: Work, record: ThreadRecord, step: Step, lane: LaneName): Promise<boolean> {
    const thread = threadOf(record, step);
    if (this.moveReason(record, step) !== undefined) {
      await this.move(work, step);
      return false;
    }
    switch (step.operation.type) {
      case 'tick':
        await this.calls.change(work, (before) => timePasses(before, this.clock.now()));
        return false;
      case 'take-over':
        await this.calls.change(work, (before) => takenOver(before, step.incidentId, this.contexts.of(work.id)));
        return false;
      case 'archive':
        if (thread !== undefined) await this.archive(work, thread);
        return false;
      default:
        return thread === undefined ? false : this.callSlack(work, step, thread, lane);
    }
  }

  private async callSlack(work: Work, step: Step, thread: IncidentThread, lane: LaneName): Promise<boolean> {
    const { called, error } = await this.steps.perform(work, step, thread);
    const fields = { threadKey: work.key, incidentId: step.incidentId, channel: step.channel, reason: step.reason };
    if (error !== undefined) {
      const { method, kind, code, says } = error;
      const what = { method, kind, code, ...(says && { says }), operation: step.operation.type };
      this.logger.warn({ ...fields, ...what }, 'Slack call failed');
      this.policy.failed(error, lane, step, work);
    } else if (called) {
      this.logger.debug({ ...fields, operation: step.operation.type }, 'Slack call done');
      for (const recovered of this.policy.worked(lane, step.channel, work)) void this.placeAgain(recovered, false);
    } else this.logger.debug({ ...fields, operation: step.operation.type }, 'step is no longer wanted, or not ours');
    if (!called && !this.stopped) return false;
    const after = await this.store.get(work.key, work.channel);
    if (after !== undefined) for (const tell of this.shownListeners) tell(work, after);
    return called;
  }

  private async archive(work: Work, thread: IncidentThread): Promise<void> {
    await this.store.archive(thread);
    await this.calls.change(work, (record) => {
      const now = threadsOf(record).find(({ incident }) => incident.id === thread.incident.id);
      // It was opened again meanwhile: it stays, and the history is written anew when it ends.
      return isDeepStrictEqual(now, thread) ? dropFinished(record, thread.incident.id) : record;
    });
  }

  /** To SLACK_CHANNEL, unless the thread wants something else by now. */
  private async move(work: Work, step: Step): Promise<void> {
    let reason: string | undefined;
    await this.calls.change(work, (before) => {
      const wanted = stillWanted(before, step, this.contexts.of(work.id));
      reason = wanted && this.moveReason(before, wanted);
      return reason === undefined ? before : moved(before, step.incidentId, this.defaultChannel, reason);
    });
    if (reason === undefined) return;
    const { incidentId, channel } = step;
    this.logger.warn(
      { threadKey: work.key, incidentId, channel, to: this.defaultChannel, code: reason },
      'the channel is unusable: its thread goes on in SLACK_CHANNEL',
    );
  }

  private moveReason(record: ThreadRecord, step: Step): string | undefined {
    return this.policy.moveReason(step, () => threadOf(record, step)?.delivery);
  }

  private lane(record: ThreadRecord, step: Step): LaneName {
    return this.moveReason(record, step) === undefined ? laneOf(step) : 'store';
  }

  private setAlarm(work: Work, at: number | null): void {
    const { id } = work;
    if (this.alarms.size > 0) {
      this.alarms.get(id)?.();
      this.alarms.delete(id);
    }
    if (at === null) return;
    if (this.stopped) return;
    const delay = at - this.clock.now();
    if (delay > ALARM_WITHIN_MS) return;
    this.alarms.set(
      id,
      this.clock.after(Math.max(0, delay), () => {
        this.alarms.delete(id);
        void this.placeAgain(work, false);
      }),
    );
  }
}

const threadOf = (record: ThreadRecord, { incidentId }: Step): IncidentThread | undefined =>
  threadsOf(record).find(({ incident }) => incident.id === incidentId);
