import type { Clock } from '../clock/clock.js';
import type { MessagePage, PageOptions, SeenMessage, SlackClient } from '../slack/slack-client.js';
import { METADATA_EVENT } from '../rendering/message.js';
import type { Pace } from './pace.js';

/** Slack's clock, and ours, may differ; a scan starts so much before the claim. Milliseconds. */
const BEFORE_CLAIM_MS = 10 * 60_000;

export interface Wanted {
  readonly channel: string;
  /** The thread to look in; null: the channel itself. */
  readonly rootTs: string | null;
  /** The operation id in the message's metadata. */
  readonly operation: string;
  readonly claimedAt: number;
  /** A scan that began before this time does not count. */
  readonly notBefore: number;
}

interface Scan {
  readonly startedAt: number;
  readonly oldest: number;
  readonly found: Promise<ReadonlyMap<string, readonly SeenMessage[]>>;
}

/** Finds our own messages by the operation that made them. One scan of a channel serves every claim that waits for it. */
export class MessageFinder {
  private readonly scans = new Map<string, Scan>();

  constructor(
    private readonly slack: SlackClient,
    private readonly pace: Pace,
    private readonly clock: Clock,
  ) {}

  /**
   * Messages of this operation, oldest first. Needs one token of the reads' pace for each page, the first of which the
   * caller has taken.
   * @throws {SlackCallError} Slack can't be searched
   */
  async find(wanted: Wanted): Promise<{ readonly messages: readonly SeenMessage[]; readonly asked: boolean }> {
    const place = `${wanted.channel} ${wanted.rootTs ?? ''}`;
    const oldest = wanted.claimedAt - BEFORE_CLAIM_MS;
    let scan = this.scans.get(place);
    const reusable = scan !== undefined && scan.startedAt >= wanted.notBefore && scan.oldest <= oldest;
    if (scan === undefined || !reusable) {
      // A minute more, so that claims that are a little older can share it.
      scan = this.scan(wanted, oldest - 60_000);
      this.scans.set(place, scan);
      if (this.scans.size > 200) this.scans.delete(this.scans.keys().next().value ?? '');
    }
    try {
      const messages = (await scan.found).get(wanted.operation) ?? [];
      return { messages, asked: !reusable };
    } catch (error) {
      this.scans.delete(place);
      throw error;
    }
  }

  private scan({ channel, rootTs }: Wanted, oldest: number): Scan {
    const page = (options: PageOptions): Promise<MessagePage> =>
      rootTs === null ? this.slack.history(channel, options) : this.slack.replies(channel, rootTs, options);
    return { startedAt: this.clock.now(), oldest, found: this.collect(page, oldest) };
  }

  private async collect(
    page: (options: PageOptions) => Promise<MessagePage>,
    oldest: number,
  ): Promise<ReadonlyMap<string, readonly SeenMessage[]>> {
    const own = await this.slack.identity();
    const byOperation = new Map<string, SeenMessage[]>();
    let cursor: string | undefined;
    do {
      if (cursor !== undefined) await this.pace.wait('reads');
      const { messages, nextCursor } = await page({ oldest, ...(cursor === undefined ? {} : { cursor }) });
      for (const message of messages) {
        const operation = message.metadata?.payload['operation'];
        const ours = message.userId === own.userId || (own.botId !== undefined && message.botId === own.botId);
        if (!ours || message.metadata?.eventType !== METADATA_EVENT || typeof operation !== 'string') continue;
        const row = byOperation.get(operation);
        if (row === undefined) byOperation.set(operation, [message]);
        else if (!row.some(({ ts }) => ts === message.ts)) row.push(message);
      }
      cursor = nextCursor;
    } while (cursor !== undefined);
    for (const row of byOperation.values()) row.sort((a, b) => Number(a.ts) - Number(b.ts));
    return byOperation;
  }
}
