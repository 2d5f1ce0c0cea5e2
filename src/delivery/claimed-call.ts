import type { Clock } from '../clock/clock.js';
import { ambiguous, committed, failed, notFound, rateLimited, rootFrozen } from '../domain/call-outcomes.js';
import { claim, withDue } from '../domain/claims.js';
import { strayed, threadGone, withStrays } from '../domain/thread-repairs.js';
import type { PlanContext, Step } from '../domain/plan.js';
import { threadsOf, type Claim, type DeliveryError, type IncidentThread, type ThreadRecord } from '../domain/record.js';
import type { SlackCallError } from '../slack/slack-call-error.js';
import { StoreUnavailableError, type RecordChange, type ThreadStore } from '../thread-store/thread-store.js';
import type { Work } from './delivery-queue.js';

/** A call starts within this time of its claim, or not at all: later, another process may have taken it over. */
const CLAIM_VALID_MS = 3_000;
const COMMIT_RETRY_MS = 500;

/** A claim that was written and is still good. */
export interface Claimed {
  readonly work: Work;
  readonly claim: Claim;
  readonly thread: IncidentThread;
}

/** The durable half of a call to Slack: claim before it, commit after it. */
export class ClaimedCalls {
  constructor(
    private readonly store: ThreadStore,
    private readonly clock: Clock,
    private readonly rules: PlanContext['rules'],
    /** This process. */
    private readonly owner: string,
  ) {}

  /** Writes the claim. @returns undefined when the step is no longer wanted, or the claim took too long */
  async begin(work: Work, step: Step): Promise<Claimed | undefined> {
    const started = this.clock.monotonic();
    const at = this.clock.now();
    const record = await this.store.update(work.key, work.channel, (before) => claim(before, step, this.owner, at));
    const thread = threadsOf(record).find(({ incident }) => incident.id === step.incidentId);
    const open = thread?.delivery.claim;
    if (thread === undefined || !open || open.owner !== this.owner || open.endedAt !== undefined) return undefined;
    const claimed = { work, claim: open, thread };
    if (this.clock.monotonic() - started <= CLAIM_VALID_MS) return claimed;
    await this.change(work, (before) => rateLimited(before, step.incidentId, open.id, this.clock.now()));
    return undefined;
  }

  /** The root was edited. Where the claim is gone, the message is still no double: it stays. */
  async edited(work: Work, incidentId: string, claimId: string, rootTs: string): Promise<void> {
    await this.change(work, (record) => committed(record, incidentId, claimId, rootTs, this.clock.now()));
  }

  /** Slack shows a message. Those beyond the first are doubles, to be deleted. */
  async shown(work: Work, incidentId: string, claimId: string, [ts, ...doubles]: readonly string[]): Promise<void> {
    if (ts === undefined) return;
    await this.change(work, (record) => {
      const next = committed(record, incidentId, claimId, ts, this.clock.now());
      // The claim is no longer ours: another process has it, and what we posted is one too many.
      return next === record ? withStrays(record, incidentId, [ts]) : withStrays(next, incidentId, doubles);
    });
  }

  async notThere(work: Work, incidentId: string, claimId: string): Promise<void> {
    await this.change(work, (record) => notFound(record, incidentId, claimId));
  }

  async unThreaded(work: Work, incidentId: string, claimId: string, ts: string): Promise<void> {
    const error: DeliveryError = { kind: 'gone', code: 'un_threaded', at: this.clock.now() };
    await this.change(work, (record) => strayed(record, incidentId, claimId, ts, error));
  }

  /** The call failed: what that means for the record. @param retryMs how long the thread is to wait */
  async failed({ work, claim: open, thread }: Claimed, error: SlackCallError, retryMs: number): Promise<void> {
    const now = this.clock.now();
    const incidentId = thread.incident.id;
    const told: DeliveryError = { kind: error.kind, code: error.code, at: now };
    await this.change(work, (record) => {
      if (error.kind === 'rate') return rateLimited(record, incidentId, open.id, now);
      if (error.kind === 'ambiguous') return ambiguous(record, incidentId, open.id, now, told);
      if (error.kind === 'gone' && open.call !== 'root') return threadGone(record, incidentId, open.id, told);
      if (error.kind === 'frozen' && open.call === 'edit') return rootFrozen(record, incidentId, open.id, told);
      return failed(record, incidentId, open.id, told, now + retryMs);
    });
  }

  /**
   * Writes what is already true in Slack, and so keeps trying while the store can't take it: giving up would leave the
   * claim to be searched for, which is slower but loses nothing either.
   */
  async change(work: Work, change: RecordChange): Promise<ThreadRecord> {
    for (;;) {
      try {
        return await this.store.update(work.key, work.channel, (record) => {
          const next = change(record);
          return next === record ? record : withDue(next, { now: this.clock.now(), rules: this.rules });
        });
      } catch (error) {
        if (!(error instanceof StoreUnavailableError) || this.stopping) throw error;
        await new Promise<void>((resolve) => {
          this.clock.after(COMMIT_RETRY_MS, resolve);
        });
      }
    }
  }

  /** Sets when the record is to be looked at again, where nothing else changes. */
  async settleDue(work: Work): Promise<void> {
    const { key, channel } = work;
    await this.store.update(key, channel, (record) => withDue(record, { now: this.clock.now(), rules: this.rules }));
  }

  /** No more waiting for a store that is down. */
  stop(): void {
    this.stopping = true;
  }

  private stopping = false;
}
