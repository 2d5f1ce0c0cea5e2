import { LogLevel, WebClient } from '@slack/web-api';
import { errorOf } from './error-mapper.js';
import {
  SlackClient,
  type CallCounts,
  type MessagePage,
  type OutgoingMessage,
  type PageOptions,
  type PostedMessage,
  type PostOptions,
  type SeenMessage,
  type SlackIdentity,
} from './slack-client.js';
import { SlackCallError } from './slack-call-error.js';

export interface WebApiOptions {
  readonly token: string;
  /** Must end in `/`. */
  readonly apiUrl: string;
  /** A call without an answer for this long is given up, its fate unknown. Milliseconds. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
/** Slack recommends at most 200 a page. */
const PAGE_SIZE = 200;

/** The real one, over `@slack/web-api`. */
export class WebApiSlackClient extends SlackClient {
  private readonly web: WebClient;
  private readonly counts: Record<string, Record<string, number>> = {};
  private known: Promise<SlackIdentity> | undefined;

  constructor({ token, apiUrl, timeoutMs = TIMEOUT_MS }: WebApiOptions) {
    super();
    // The SDK's own retries post twice after a lost answer, and its 429 handling stops every channel: both are off.
    this.web = new WebClient(token, {
      slackApiUrl: apiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: timeoutMs,
      logLevel: LogLevel.ERROR,
      allowAbsoluteUrls: false,
    });
  }

  override async post(channel: string, message: OutgoingMessage, options: PostOptions = {}): Promise<PostedMessage> {
    const { threadTs, broadcast, clientMsgId } = options;
    const result = await this.call('chat.postMessage', {
      channel,
      ...message,
      ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
      ...(broadcast ? { reply_broadcast: true } : {}),
      ...(clientMsgId === undefined ? {} : { client_msg_id: clientMsgId }),
      parse: 'none',
      link_names: false,
      unfurl_links: false,
      unfurl_media: false,
    });
    const posted = record(result['message']);
    const ts = text(result['ts']);
    if (ts === undefined) throw new SlackCallError('chat.postMessage', 'ambiguous', 'unreadable_answer');
    const thread = text(posted['thread_ts']);
    return { ts, ...(thread === undefined ? {} : { threadTs: thread }) };
  }

  override async update(channel: string, ts: string, message: OutgoingMessage): Promise<void> {
    // `parse` is `client` by default here, unlike in chat.postMessage: it would turn words into mentions and links.
    // Blocks and attachments are named even when there are none: what is left out stays as it was.
    await this.call('chat.update', {
      channel,
      ts,
      blocks: [],
      attachments: [],
      ...message,
      parse: 'none',
      link_names: false,
    });
  }

  override async delete(channel: string, ts: string): Promise<void> {
    await this.call('chat.delete', { channel, ts });
  }

  override async history(channel: string, options: PageOptions): Promise<MessagePage> {
    return this.page('conversations.history', { channel }, options);
  }

  override async replies(channel: string, threadTs: string, options: PageOptions): Promise<MessagePage> {
    return this.page('conversations.replies', { channel, ts: threadTs }, options);
  }

  override async join(channel: string): Promise<void> {
    await this.call('conversations.join', { channel });
  }

  override identity(): Promise<SlackIdentity> {
    this.known ??= this.askIdentity().catch((error: unknown) => {
      this.known = undefined;
      throw error;
    });
    return this.known;
  }

  override calls(): CallCounts {
    return this.counts;
  }

  private async askIdentity(): Promise<SlackIdentity> {
    const { user_id: userId, bot_id: botId, team_id: teamId } = await this.call('auth.test', {});
    return {
      userId: text(userId) ?? '',
      teamId: text(teamId) ?? '',
      ...(text(botId) === undefined ? {} : { botId: text(botId) ?? '' }),
    };
  }

  private async page(method: string, where: Record<string, string>, options: PageOptions): Promise<MessagePage> {
    const result = await this.call(method, {
      ...where,
      oldest: (options.oldest / 1_000).toFixed(6),
      limit: PAGE_SIZE,
      include_all_metadata: true,
      ...(options.cursor === undefined ? {} : { cursor: options.cursor }),
    });
    const messages = Array.isArray(result['messages']) ? (result['messages'] as unknown[]) : [];
    const next = text(record(result['response_metadata'])['next_cursor']);
    return { messages: messages.map(seen), ...(next === undefined || next === '' ? {} : { nextCursor: next }) };
  }

  private async call(method: string, args: Record<string, unknown>): Promise<Record<string, unknown>> {
    try {
      const result = await this.web.apiCall(method, args);
      this.count(method, 'ok');
      return record(result);
    } catch (error) {
      const failure = errorOf(method, error);
      this.count(method, failure.kind);
      throw failure;
    }
  }

  private count(method: string, outcome: string): void {
    const row = (this.counts[method] ??= {});
    row[outcome] = (row[outcome] ?? 0) + 1;
  }
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const seen = (value: unknown): SeenMessage => {
  const message = record(value);
  const metadata = record(message['metadata']);
  const eventType = text(metadata['event_type']);
  const optional = (name: string, given: unknown): Record<string, string> =>
    text(given) === undefined ? {} : { [name]: text(given) ?? '' };
  return {
    ts: text(message['ts']) ?? '',
    ...optional('threadTs', message['thread_ts']),
    ...optional('userId', message['user']),
    ...optional('botId', message['bot_id']),
    ...(eventType === undefined ? {} : { metadata: { eventType, payload: record(metadata['event_payload']) } }),
  };
};
