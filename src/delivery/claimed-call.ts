import type { Clock } from '../clock/clock.js';
import { ambiguous, committed, failed, notFound, rateLimited, rootFrozen } from '../domain/call-outcomes.js';
import { claim, claimToLookFirst, turnEnded, withDue, withTurn } from '../domain/claims.js';
import { ambiguousLate, editedLate, postedLate } from '../domain/late-outcomes.js';
import { strayed, threadGone, withStrays } from '../domain/thread-repairs.js';
import { claimUnmade, isNews, unmadeAgain } from '../domain/unmade-card.js';
import { stillWanted } from '../domain/plan.js';
import { threadsOf, type Claim, type DeliveryError, type IncidentThread, type ThreadRecord } from '../domain/record.js';
import type { Step } from '../domain/step.js';
import type { SlackCallError } from '../slack/slack-call-error.js';
import { StoreUnavailableError, type RecordChange, type ThreadStore } from '../thread-store/thread-store.js';
import type { Work } from './delivery-queue.js';
import type { PlanContexts } from './plan-contexts.js';

/** A call starts within this time of its claim, or not at all: later, another process may have taken it over. */
const CLAIM_VALID_MS = 3_000;
const COMMIT_RETRY_MS = 500;

/** A claim that was written and is still good. */
export interface Claimed {
  readonly work: Work;
  /** As the record wanted it when it was claimed. */
  readonly step: Step;
  readonly incidentId: string;
  readonly claim: Claim;
  readonly thread: IncidentThread;
  /** The thread's epoch at the claim. */
  readonly epoch: number;
}

/** @returns whether the message of this claim could be made */
export type Prepare = (thread: IncidentThread, claim: Claim) => boolean;

/** The durable half of a call to Slack: claim before it, commit after it. */
export class ClaimedCalls {
  private stopping = false;

  constructor(
    private readonly store: ThreadStore,
    private readonly clock: Clock,
    private readonly contexts: PlanContexts,
  ) {}

  /**
   * Writes the claim, of the step as the record wants it by now.
   * @param prepare makes the message of a claim; false: a plain one stands in, since it could not be made
   * @returns undefined when it is no longer wanted, another process was first, the claim took too long, we stop, it is
   *   looked for first, or it would say once more that a card could not be made
   */
  async begin(work: Work, planned: Step, prepare: Prepare = () => true): Promise<Claimed | undefined> {
    if (this.stopping) return undefined;
    const started = this.clock.monotonic();
    const { owner } = this.contexts;
    const made: { step?: Step } = {};
    const record = await this.store.update(work.key, work.channel, (before) => {
      const context = this.contexts.of(work.id);
      delete made.step; // a store runs this again where another was faster
      const step = stillWanted(before, planned, context);
      if (step === undefined) return before;
      const claimFirst = this.contexts.mayHaveForgotten ? claimToLookFirst : claim;
      const next = this.prepared(claimFirst(before, step, owner, context.now), step, prepare);
      if (next === undefined) return this.withDue(unmadeAgain(before, step.incidentId, step.operation, context.now));
      made.step = step;
      return this.withDue(next);
    });
    const { step } = made;
    const thread = step && threadsOf(record).find(({ incident }) => incident.id === step.incidentId);
    const open = thread?.delivery.claim;
    if (step === undefined || thread === undefined || !open || open.owner !== owner || open.endedAt !== undefined)
      return undefined;
    const { incidentId } = step;
    if (this.isGood(started)) return { work, step, incidentId, claim: open, thread, epoch: thread.delivery.epoch };
    await this.change(work, (before) => rateLimited(before, incidentId, open, this.clock.now()));
    return undefined;
  }

  /** The claim with what its message shows; undefined where the thread shows that already. */
  private prepared(claimed: ThreadRecord, { incidentId }: Step, prepare: Prepare): ThreadRecord | undefined {
    const thread = threadsOf(claimed).find(({ incident }) => incident.id === incidentId);
    const open = thread?.delivery.claim;
    if (thread === undefined || !open || prepare(thread, open)) return claimed;
    return isNews(thread.delivery, open) ? claimUnmade(claimed, incidentId) : undefined;
  }

  /** On a shared store: nobody else searches or deletes for this thread meanwhile. @returns whether it is our turn */
  async takeTurn(work: Work, step: Step): Promise<boolean> {
    if (!this.contexts.shared) return true;
    if (this.stopping) return false;
    const { owner } = this.contexts;
    const turn = { ours: false };
    const started = this.clock.monotonic();
    await this.store.update(work.key, work.channel, (before) => {
      const context = this.contexts.of(work.id);
      turn.ours = stillWanted(before, step, context) !== undefined;
      return turn.ours ? this.withDue(withTurn(before, step.incidentId, owner, context.now)) : before;
    });
    if (!turn.ours || this.isGood(started)) return turn.ours;
    await this.change(work, (before) => before);
    return false;
  }

  /** The root was edited. */
  async edited(claimed: Claimed, rootTs: string): Promise<void> {
    const { work, incidentId, claim: open } = claimed;
    await this.change(work, (record) => {
      const now = this.clock.now();
      const next = committed(record, incidentId, open, rootTs, now);
      return next === record ? editedLate(record, claimed, now) : next;
    });
  }

  /** Slack took the message. @returns whether there is still a record of its thread */
  async posted(claimed: Claimed, ts: string): Promise<boolean> {
    const { work, incidentId, claim: open } = claimed;
    const after = await this.change(work, (record) => {
      const now = this.clock.now();
      const next = committed(record, incidentId, open, ts, now);
      return next === record ? postedLate(record, claimed, ts, now) : next;
    });
    return threadsOf(after).some(({ incident }) => incident.id === incidentId);
  }

  /** A search found the message of a claim. Those beyond the first are doubles, to be deleted. */
  async found(work: Work, incidentId: string, seen: Claim, [ts, ...doubles]: readonly string[]): Promise<void> {
    if (ts === undefined) return;
    await this.change(work, (record) => {
      const next = committed(record, incidentId, seen, ts, this.clock.now());
      // Others settled the claim meanwhile: what they found, or sent, is theirs to judge.
      return next === record ? record : withStrays(next, incidentId, doubles);
    });
  }

  async notThere(work: Work, incidentId: string, seen: Claim): Promise<void> {
    await this.change(work, (record) => notFound(record, incidentId, seen));
  }

  /** Slack put a reply into the channel, because its root is gone. It goes, whoever has the claim now. */
  async unThreaded(work: Work, incidentId: string, seen: Claim, ts: string): Promise<void> {
    const error: DeliveryError = { kind: 'gone', code: 'un_threaded', at: this.clock.now() };
    await this.change(work, (record) => {
      const next = strayed(record, incidentId, seen, ts, error);
      return next === record ? withStrays(record, incidentId, [ts]) : next;
    });
  }

  /** The call failed: what that means for the record. @param retryMs how long the thread is to wait */
  async failed(claimed: Claimed, error: SlackCallError, retryMs: number): Promise<void> {
    const { work, incidentId, claim: open } = claimed;
    const now = this.clock.now();
    const told: DeliveryError = { kind: error.kind, code: error.code, at: now };
    await this.change(work, (record) => {
      if (error.kind === 'rate') return rateLimited(record, incidentId, open, now);
      if (error.kind === 'ambiguous') {
        const next = ambiguous(record, incidentId, open, now, told);
        return next === record ? ambiguousLate(record, claimed, now) : next;
      }
      if (error.kind === 'gone' && open.call !== 'root') return threadGone(record, incidentId, open, told);
      if (error.kind === 'frozen' && open.call === 'edit') return rootFrozen(record, incidentId, open, told);
      return failed(record, incidentId, open, told, now + retryMs);
    });
  }

  /**
   * Writes what is already true in Slack, and so keeps trying while the store can't take it: giving up would leave the
   * claim to be searched for, which is slower but loses nothing either. Ends a turn of ours.
   */
  async change(work: Work, change: RecordChange): Promise<ThreadRecord> {
    for (;;) {
      try {
        return await this.store.update(work.key, work.channel, (record, rolls) => {
          const changed = change(record, rolls);
          const next = this.contexts.shared ? turnEnded(changed, this.contexts.owner) : changed;
          return next === record ? record : this.withDue(next);
        });
      } catch (error) {
        if (!(error instanceof StoreUnavailableError) || this.stopping) throw error;
        await this.clock.pause(COMMIT_RETRY_MS);
      }
    }
  }

  /** Sets when the record is to be looked at again, where nothing else changes. */
  async settleDue({ key, channel }: Work): Promise<void> {
    await this.store.update(key, channel, (record) => this.withDue(record));
  }

  /** Nothing new begins: what was claimed, and is not on its way, is given back. No more waiting for a store that is down. */
  stop(): void {
    this.stopping = true;
  }

  private isGood(claimStarted: number): boolean {
    return !this.stopping && this.clock.monotonic() - claimStarted <= CLAIM_VALID_MS;
  }

  private withDue(record: ThreadRecord): ThreadRecord {
    return withDue(record, this.contexts.forAll());
  }
}
