import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Pace } from '../delivery/pace.js';
import type { IncidentThread } from '../domain/record.js';
import { MAX_SEEN, reactionKey, seenReactions } from '../domain/reactions.js';
import { AppLogger } from '../logging/logger.js';
import { SlackClient } from '../slack/slack-client.js';
import { SlackCallError } from '../slack/slack-call-error.js';
import { StoreUnavailableError, ThreadStore } from '../thread-store/thread-store.js';
import { Reactions } from './reactions.js';

const RETRY_AFTER_MS = 30_000;
const PAGE = 100;

/**
 * Picks up what people reacted with while no socket was open: what `reactions.get` shows of each open thread's first
 * message, beside what was acted on before. At Slack's pace, which all replicas share; another gap starts it anew.
 */
@Injectable()
export class MissedReactions {
  private round = 0;

  constructor(
    private readonly store: ThreadStore,
    private readonly slack: SlackClient,
    private readonly reactions: Reactions,
    private readonly pace: Pace,
    private readonly clock: Clock,
    private readonly logger: AppLogger,
  ) {}

  /** Never rejects. */
  async pickUp(): Promise<void> {
    const round = ++this.round;
    try {
      for await (const thread of this.openThreads()) {
        if (round !== this.round) return;
        await this.look(thread, round);
      }
    } catch (error) {
      this.logger.error({ err: error }, 'missed reactions not picked up');
    }
  }

  stop(): void {
    this.round += 1;
  }

  private async *openThreads(): AsyncGenerator<IncidentThread, void, undefined> {
    for (const status of ['firing', 'acknowledged'] as const) {
      let cursor: string | undefined;
      do {
        const page = await this.store.list({ status, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
        yield* page.items;
        cursor = page.nextCursor;
      } while (cursor !== undefined);
    }
  }

  private async look(thread: IncidentThread, round: number): Promise<void> {
    const { channel, delivery } = thread;
    const ts = delivery.rootTs;
    if (ts === null) return;
    try {
      await this.pace.wait('reactions');
      if (round !== this.round) return;
      await this.compare(thread, ts, await this.slack.reactions(channel, ts));
    } catch (error) {
      if (error instanceof StoreUnavailableError) await this.clock.pause(RETRY_AFTER_MS);
      else if (!(error instanceof SlackCallError)) {
        const { key, id } = thread.incident;
        this.logger.error({ threadKey: key, channel, incidentId: id, err: error }, 'missed reactions not picked up');
      } else if (error.kind === 'rate') {
        this.pace.close('reactions', error.retryAfterMs ?? RETRY_AFTER_MS);
        if (round === this.round) await this.look(thread, round);
      } else this.logger.warn({ channel, code: error.code }, 'reactions could not be read');
    }
  }

  private async compare(
    thread: IncidentThread,
    ts: string,
    present: ReadonlyMap<string, ReadonlySet<string>>,
  ): Promise<void> {
    const { channel } = thread;
    const now = new Map<string, { name: string; userId: string }>();
    for (const [name, users] of present) {
      if (!this.reactions.names.includes(name)) continue;
      for (const userId of users) now.set(reactionKey({ name, userId }), { name, userId });
    }
    const before = seenReactions(thread);
    const known = new Set(before);
    // A full record has forgotten some, which would act once more.
    const isFull = before.length >= MAX_SEEN;
    const added = isFull ? [] : [...now].filter(([key]) => !known.has(key)).map(([, one]) => ({ ...one, added: true }));
    const removed = before
      .filter((key) => !now.has(key))
      .map((key) => key.split(' '))
      .map(([name = '', userId = '']) => ({ name, userId, added: false }));
    for (const change of [...removed, ...added]) {
      await this.reactions.handle({ kind: 'reaction', channel, ts, ...change }, []);
    }
  }
}
