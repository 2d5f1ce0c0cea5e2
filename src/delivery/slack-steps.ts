import type { Clock } from '../clock/clock.js';
import { postponed } from '../domain/call-outcomes.js';
import { attemptsOf } from '../domain/claims.js';
import { doubtPostponed, doubtSettled } from '../domain/doubts.js';
import { strayDeleted } from '../domain/thread-repairs.js';
import { LOOK_AFTER_MS } from '../domain/plan.js';
import type { IncidentThread } from '../domain/record.js';
import type { Step } from '../domain/step.js';
import type { OutgoingMessage, SlackClient } from '../slack/slack-client.js';
import { SlackCallError } from '../slack/slack-call-error.js';
import type { ChannelMembership } from './channel-membership.js';
import type { Claimed, ClaimedCalls } from './claimed-call.js';
import type { Work } from './delivery-queue.js';
import type { MessageFinder } from './message-finder.js';
import { clientMessageId, isReply, messageOf, type Buttons, type Made } from './outgoing.js';

/** How a step ended. `called`: Slack was asked, so its pace was used. */
export interface StepResult {
  readonly called: boolean;
  readonly error?: SlackCallError;
}

/** How long a thread waits after a failure, in milliseconds, by kind and by how often it failed. */
export type RetryDelay = (error: SlackCallError, attempts: number, step: Step) => number;

/** Failures after which the same call may well go through. */
const PASSING = new Set<SlackCallError['kind']>(['rate', 'transient', 'ambiguous', 'app']);

const NOT_CALLED: StepResult = { called: false };
const DONE: StepResult = { called: true };

/** The calls to Slack, one for each kind of step. None of them rejects because of Slack. */
export class SlackSteps {
  constructor(
    private readonly slack: SlackClient,
    private readonly calls: ClaimedCalls,
    private readonly finder: MessageFinder,
    private readonly membership: ChannelMembership,
    private readonly clock: Clock,
    private readonly retryDelay: RetryDelay,
    private readonly buttons: Buttons,
    /** A record's message could not be made: a plain one stands in. */
    private readonly onUnmade: (work: Work, error: unknown) => void,
  ) {}

  async perform(work: Work, step: Step, thread: IncidentThread): Promise<StepResult> {
    switch (step.operation.type) {
      case 'post-root':
      case 'post-reply':
        return this.post(work, step);
      case 'edit-root':
        return this.edit(work, step);
      case 'look-up':
        return this.lookUp(work, step, thread);
      case 'look-again':
        return this.lookAgain(work, step, thread, step.operation.doubt);
      case 'delete-stray':
        return this.deleteStray(work, step, step.operation.ts);
      default:
        return NOT_CALLED;
    }
  }

  private async post(work: Work, step: Step): Promise<StepResult> {
    try {
      await this.membership.ensure(step.channel);
    } catch (thrown) {
      return this.postpone(work, step, thrown);
    }
    const ready = await this.begin(work, step);
    if (ready === undefined) return NOT_CALLED;
    const { claimed, message } = ready;
    const { thread, claim, incidentId } = claimed;
    const { operation } = claimed.step;
    const { rootTs, plainRoot, plainReply } = thread.delivery;
    const reply = isReply(thread, claim);
    const plain = reply ? plainReply : plainRoot;
    try {
      const posted = await this.slack.post(step.channel, message, {
        ...(reply && rootTs !== null ? { threadTs: rootTs } : {}),
        ...(operation.type === 'post-reply' && operation.broadcast ? { broadcast: true } : {}),
        // Slack lists an error that this can lead to: the last resort goes without it.
        ...(plain ? {} : { clientMsgId: clientMessageId(claim.id) }),
      });
      if (reply && posted.threadTs === undefined) await this.calls.unThreaded(work, incidentId, claim, posted.ts);
      else if (!(await this.calls.posted(claimed, posted.ts))) await this.afterTheEnd(claimed, posted.ts);
      return DONE;
    } catch (error) {
      return this.failed(claimed, step, error);
    }
  }

  /** Claims a step with the message that it sends. @returns undefined when there is nothing to send */
  private async begin(work: Work, step: Step): Promise<{ claimed: Claimed; message: OutgoingMessage } | undefined> {
    let made: Made | undefined;
    const claimed = await this.calls.begin(work, step, (thread, claim) => {
      made = messageOf(thread, claim, this.buttons); // a store runs this again where another was faster
      return made.failure === undefined;
    });
    const { message, failure } = made ?? {};
    if (failure !== undefined) this.onUnmade(work, failure.error);
    return claimed === undefined || message === undefined ? undefined : { claimed, message };
  }

  /** We hung until others had finished the thread, and its record is in the history. What we sent is a double, if another is there. */
  private async afterTheEnd({ step, claim, thread }: Claimed, ts: string): Promise<void> {
    const found = await this.search(step.channel, thread.delivery.rootTs, {
      operation: claim.id,
      reply: claim.call === 'reply',
      claimedAt: claim.at,
      notBefore: this.clock.now(),
    });
    if (found.ts.some((other) => other !== ts)) await this.slack.delete(step.channel, ts);
  }

  private async edit(work: Work, step: Step): Promise<StepResult> {
    const ready = await this.begin(work, step);
    const rootTs = ready?.claimed.thread.delivery.rootTs;
    if (ready === undefined || !rootTs) return NOT_CALLED;
    const { claimed, message } = ready;
    try {
      await this.slack.update(step.channel, rootTs, message);
      await this.calls.edited(claimed, rootTs);
      return DONE;
    } catch (error) {
      return this.failed(claimed, step, error);
    }
  }

  private async failed(claimed: Claimed, step: Step, thrown: unknown): Promise<StepResult> {
    const error = asCallError(thrown);
    const attempts = attemptsOf(claimed.thread.delivery, claimed.claim.call);
    await this.calls.failed(claimed, error, this.retryDelay(error, attempts, step));
    return { called: true, error };
  }

  /** Was the message of an ambiguous claim accepted after all? */
  private async lookUp(work: Work, step: Step, { delivery, incident }: IncidentThread): Promise<StepResult> {
    const { claim } = delivery;
    if (claim?.endedAt === undefined || !(await this.calls.takeTurn(work, step))) return NOT_CALLED;
    const notBefore = claim.endedAt + (LOOK_AFTER_MS[claim.looked ?? 0] ?? 0);
    try {
      const { ts, stray, asked } = await this.search(step.channel, delivery.rootTs, {
        operation: claim.id,
        reply: claim.call === 'reply',
        claimedAt: claim.at,
        notBefore,
      });
      if (stray !== undefined) {
        await this.calls.unThreaded(work, incident.id, claim, stray);
      } else if (ts.length === 0) await this.calls.notThere(work, incident.id, claim);
      else await this.calls.found(work, incident.id, claim, ts);
      return { called: asked };
    } catch (thrown) {
      return this.postpone(work, step, thrown, delivery.attempts);
    }
  }

  /** Nothing was claimed, nothing was sent: the thread waits. */
  private async postpone(work: Work, step: Step, thrown: unknown, attempts = 0): Promise<StepResult> {
    const error = asCallError(thrown);
    const now = this.clock.now();
    const retryAt = now + this.retryDelay(error, attempts, step);
    const told = { kind: error.kind, code: error.code, at: now };
    await this.calls.change(work, (record) => postponed(record, step.incidentId, told, retryAt));
    return { called: true, error };
  }

  /** Did a message that was sent twice come twice? */
  private async lookAgain(work: Work, step: Step, thread: IncidentThread, doubtId: string): Promise<StepResult> {
    const { delivery, incident } = thread;
    const doubt = delivery.doubts?.find(({ id }) => id === doubtId);
    if (doubt === undefined || !(await this.calls.takeTurn(work, step))) return NOT_CALLED;
    try {
      const { ts, asked } = await this.search(step.channel, doubt.call === 'reply' ? delivery.rootTs : null, {
        operation: doubt.id,
        reply: doubt.call === 'reply',
        claimedAt: doubt.claimedAt,
        notBefore: doubt.lookAt,
      });
      await this.calls.change(work, (record) => doubtSettled(record, incident.id, doubt, ts));
      return { called: asked };
    } catch (thrown) {
      const error = asCallError(thrown);
      const lookAt = this.clock.now() + this.retryDelay(error, 0, step);
      await this.calls.change(work, (record) => doubtPostponed(record, incident.id, doubt.id, lookAt));
      return { called: true, error };
    }
  }

  /** A reply whose parent is gone stands in the channel, un-threaded, if it stands anywhere. */
  private async search(
    channel: string,
    rootTs: string | null,
    wanted: { operation: string; reply: boolean; claimedAt: number; notBefore: number },
  ): Promise<{ ts: readonly string[]; stray?: string; asked: boolean }> {
    const thread = wanted.reply ? rootTs : null;
    try {
      const { messages, asked } = await this.finder.find({ channel, rootTs: thread, ...wanted });
      return { ts: messages.map((message) => message.ts), asked };
    } catch (error) {
      if (thread === null || !(error instanceof SlackCallError) || error.kind !== 'gone') throw error;
    }
    const { messages } = await this.finder.find({ channel, rootTs: null, ...wanted });
    const stray = messages.find((message) => message.threadTs === undefined)?.ts;
    return { ts: [], asked: true, ...(stray === undefined ? {} : { stray }) };
  }

  private async deleteStray(work: Work, step: Step, ts: string): Promise<StepResult> {
    if (!(await this.calls.takeTurn(work, step))) return NOT_CALLED;
    let error: SlackCallError | undefined;
    try {
      await this.slack.delete(step.channel, ts);
    } catch (thrown) {
      error = asCallError(thrown);
      if (PASSING.has(error.kind)) return this.postpone(work, step, error);
    }
    // Gone already, or Slack won't let us: either way there is nothing more to do.
    await this.calls.change(work, (record) => strayDeleted(record, step.incidentId, ts));
    return error === undefined ? DONE : { called: true, ...(error.kind === 'gone' ? {} : { error }) };
  }
}

const asCallError = (error: unknown): SlackCallError => {
  if (error instanceof SlackCallError) return error;
  throw error;
};
