import type { Clock } from '../clock/clock.js';
import type { Delivery } from '../domain/record.js';
import type { Step } from '../domain/step.js';
import type { SlackCallError } from '../slack/slack-call-error.js';
import { backoff, LaneHealth } from './backoff.js';
import type { Outage } from './delivery.js';
import type { Work } from './delivery-queue.js';
import { isPosts, type LaneName } from './lane.js';
import { GIVE_UP_AFTER_MS, MOVE_AFTER_MS, Outages, PROBE_EVERY_MS } from './outages.js';
import type { Pace } from './pace.js';

/** A thread that failed for an unknown reason is tried this often at first, in milliseconds. */
const SLOW_MS = 30_000;
const SLOWEST_MS = 10 * 60_000;
/** Edits of one root that its channel refuses, one in `SLOW_MS`, until it is given up. */
const REFUSED_EDITS = GIVE_UP_AFTER_MS / SLOW_MS;

/** What a failed call means for others: for its lane, its channel, or everything. */
export class FailurePolicy {
  private readonly lanes = new Map<LaneName, LaneHealth>();
  private readonly recovered = new Set<string>();
  private readonly outages: Outages;

  constructor(
    private readonly clock: Clock,
    private readonly pace: Pace,
    private readonly random: () => number,
    defaultChannel: string,
    /** New threads of this lane's channel may go elsewhere from now on. */
    private readonly onMovable: (lane: LaneName) => void,
    /** A channel or the app became unusable, or usable again. */
    private readonly onOutage: (outage: Pick<Outage, 'kind' | 'code' | 'channel'> | 'over') => void,
  ) {
    this.outages = new Outages(defaultChannel);
  }

  /** How long the thread itself waits. Waiting for its lane, channel or app comes on top. */
  retryDelay = (error: SlackCallError, attempts: number, step: Step): number => {
    switch (error.kind) {
      case 'rate':
      case 'app':
        return 0;
      case 'channel':
        return step.lane === 'posts' ? 0 : SLOW_MS;
      case 'payload':
        // At once as plain text; if that is refused too, slowly.
        return attempts === 0 ? 0 : this.slow(attempts);
      case 'transient':
      case 'ambiguous':
        return backoff(attempts, 1_000, 30_000, this.random);
      default:
        return this.slow(attempts);
    }
  };

  failed(error: SlackCallError, lane: LaneName, step: Step, work: Work): void {
    const now = this.clock.now();
    this.recovered.delete(work.id);
    switch (error.kind) {
      case 'rate':
        this.pace.close(lane, error.retryAfterMs ?? 0);
        return;
      case 'app':
        if (error.code === 'missing_scope' && !isPosts(lane)) {
          // Messages go out all the same; only what needs the scope waits.
          this.pace.close(lane, PROBE_EVERY_MS);
          return;
        }
        this.pace.closeAll(PROBE_EVERY_MS);
        if (this.outages.appFailed(error.code, now)) this.onOutage({ kind: 'app', code: error.code });
        return;
      case 'channel':
        this.channelFailed(error, lane, step.channel, now);
        return;
      case 'transient':
      case 'ambiguous': {
        this.outages.callFailed(error.kind, error.code, now);
        const rest = this.lane(lane).failed(work, this.random);
        if (rest > 0) this.pace.close(lane, rest);
        return;
      }
      default:
    }
  }

  /** A call went through. @returns records that need not wait for their next try any longer */
  worked(lane: LaneName, channel: string, work: Work): readonly Work[] {
    if (this.outages.worked(isPosts(lane) ? channel : undefined)) {
      this.pace.openAll();
      this.onOutage('over');
    }
    const recovered = this.lane(lane).worked();
    for (const { id } of recovered) this.recovered.add(id);
    this.recovered.delete(work.id);
    return recovered;
  }

  isRecovered(recordId: string): boolean {
    return this.recovered.has(recordId);
  }

  /** Why this step's thread is to start in SLACK_CHANNEL instead of its own channel, if it is. @param delivery of the thread */
  moveReason({ operation, channel }: Step, delivery: () => Delivery | undefined): string | undefined {
    switch (operation.type) {
      case 'post-root':
        return this.outages.moveReason(channel, this.clock.now(), operation.redo ? GIVE_UP_AFTER_MS : MOVE_AFTER_MS);
      case 'post-reply':
        return this.outages.moveReason(channel, this.clock.now(), GIVE_UP_AFTER_MS);
      case 'edit-root': {
        // A channel may take posts and no edits, so that refused edits are no outage: each root counts its own.
        const { edits, lastError } = delivery() ?? {};
        const isRefused = edits !== undefined && edits.attempts >= REFUSED_EDITS && lastError?.kind === 'channel';
        return isRefused && this.outages.mayLeave(channel) ? lastError.code : undefined;
      }
      default:
        return undefined;
    }
  }

  list(): readonly Outage[] {
    return this.outages.list(this.clock.now());
  }

  private channelFailed(error: SlackCallError, lane: LaneName, channel: string, now: number): void {
    if (!isPosts(lane)) return;
    this.pace.close(lane, PROBE_EVERY_MS);
    const isNew = this.outages.channelFailed(channel, error.code, now);
    if (isNew) this.onOutage({ kind: 'channel', code: error.code, channel });
    // Later on, what was let through to try the channel moves once the try has failed.
    this.clock.after(isNew ? MOVE_AFTER_MS : 0, () => {
      this.onMovable(lane);
    });
  }

  private slow(attempts: number): number {
    return backoff(attempts, SLOW_MS, SLOWEST_MS, this.random);
  }

  private lane(name: LaneName): LaneHealth {
    let lane = this.lanes.get(name);
    if (lane === undefined) this.lanes.set(name, (lane = new LaneHealth()));
    return lane;
  }
}
