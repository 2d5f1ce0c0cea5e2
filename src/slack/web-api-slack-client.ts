import type { HomeView, ModalView } from '@slack/types';
import { WebClient } from '@slack/web-api';
import type { ErrorKind } from '../domain/record.js';
import type { SlackCallObserver, SlackMethod } from './call-observer.js';
import { errorOf } from './error-mapper.js';
import { fieldsOf, itemsOf, optionalText, textOf, textsOf, type Fields } from '../wire/json.js';
import { QUIET } from './quiet-logger.js';
import { isResponseUrl, postToResponseUrl } from './response-url.js';
import {
  SlackClient,
  type CallCounts,
  type MessagePage,
  type OutgoingMessage,
  type PageOptions,
  type PostedMessage,
  type PostOptions,
  type Reactions,
  type SeenMessage,
  type SlackIdentity,
  type SlackPerson,
  type Whisper,
} from './slack-client.js';
import { SlackCallError } from './slack-call-error.js';
import { personOf, reactionsOf } from './slack-people.js';

export interface WebApiOptions {
  readonly token: string;
  /** Must end in `/`. */
  readonly apiUrl: string;
  /** A call without an answer for this long is given up, its fate unknown. Milliseconds. */
  readonly timeoutMs?: number;
  readonly observer?: SlackCallObserver;
}

const TIMEOUT_MS = 10_000;
/** Slack recommends at most 200 a page. */
const PAGE_SIZE = 200;

/** The real one, over `@slack/web-api`. */
export class WebApiSlackClient extends SlackClient {
  private readonly web: WebClient;
  private readonly apiUrl: string;
  private readonly observer: SlackCallObserver | undefined;
  private readonly counts: { [method in SlackMethod]?: { [outcome in ErrorKind | 'ok']?: number } } = {};
  private known: Promise<SlackIdentity> | undefined;

  constructor({ token, apiUrl, timeoutMs = TIMEOUT_MS, observer }: WebApiOptions) {
    super();
    this.apiUrl = apiUrl;
    this.observer = observer;
    // The SDK's own retries post twice after a lost answer, and its 429 handling stops every channel: both are off.
    this.web = new WebClient(token, {
      slackApiUrl: apiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: timeoutMs,
      logger: QUIET,
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
    const posted = fieldsOf(result['message']);
    const ts = textOf(result['ts']);
    if (ts === '') throw new SlackCallError('chat.postMessage', 'ambiguous', 'unreadable_answer');
    return { ts, ...optionalText('threadTs', posted['thread_ts']) };
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

  override async openView(triggerId: string, view: ModalView): Promise<string> {
    const result = await this.call('views.open', { trigger_id: triggerId, view });
    const id = textOf(fieldsOf(result['view'])['id']);
    if (id === '') throw new SlackCallError('views.open', 'ambiguous', 'unreadable_answer');
    return id;
  }

  override async updateView(viewId: string, view: ModalView): Promise<void> {
    await this.call('views.update', { view_id: viewId, view });
  }

  override async publishHome(userId: string, view: HomeView): Promise<void> {
    await this.call('views.publish', { user_id: userId, view });
  }

  override async whisper({ channel, userId, text: words, responseUrl }: Whisper): Promise<void> {
    if (responseUrl !== undefined && isResponseUrl(responseUrl, this.apiUrl)) {
      try {
        await this.counted('response_url', () => postToResponseUrl(responseUrl, words));
        return;
      } catch {
        // It is used up, too old, or was lost on the way: shown twice is better than not at all.
      }
    }
    await this.call('chat.postEphemeral', { channel, user: userId, text: words, parse: 'none', link_names: false });
  }

  override async reactions(channel: string, ts: string): Promise<Reactions> {
    // Without `full` Slack leaves people out.
    return reactionsOf(await this.call('reactions.get', { channel, timestamp: ts, full: true }));
  }

  override async person(userId: string): Promise<SlackPerson> {
    const [us, result] = await Promise.all([this.identity(), this.call('users.info', { user: userId })]);
    return personOf(userId, fieldsOf(result['user']), us);
  }

  override async usergroupMembers(usergroupId: string): Promise<readonly string[]> {
    return textsOf((await this.call('usergroups.users.list', { usergroup: usergroupId }))['users']);
  }

  override calls(): CallCounts {
    return this.counts;
  }

  private async askIdentity(): Promise<SlackIdentity> {
    const result = await this.call('auth.test', {});
    return {
      userId: textOf(result['user_id']),
      teamId: textOf(result['team_id']),
      ...optionalText('botId', result['bot_id']),
      ...optionalText('enterpriseId', result['enterprise_id']),
      ...optionalText('workspaceUrl', result['url']),
    };
  }

  private async page(method: SlackMethod, where: Record<string, string>, options: PageOptions): Promise<MessagePage> {
    const result = await this.call(method, {
      ...where,
      oldest: (options.oldest / 1_000).toFixed(6),
      limit: PAGE_SIZE,
      include_all_metadata: true,
      ...(options.cursor === undefined ? {} : { cursor: options.cursor }),
    });
    const next = textOf(fieldsOf(result['response_metadata'])['next_cursor']);
    return { messages: itemsOf(result['messages']).map(seen), ...(next === '' ? {} : { nextCursor: next }) };
  }

  private async call(method: SlackMethod, args: Record<string, unknown>): Promise<Fields> {
    return fieldsOf(await this.counted(method, () => this.web.apiCall(method, args)));
  }

  private async counted<T>(method: SlackMethod, call: () => Promise<T>): Promise<T> {
    const ended = this.observer?.began(method);
    try {
      const result = await call();
      this.count(method, 'ok');
      return result;
    } catch (error) {
      const failure = errorOf(method, error);
      this.count(method, failure.kind);
      throw failure;
    } finally {
      ended?.();
    }
  }

  private count(method: SlackMethod, outcome: ErrorKind | 'ok'): void {
    const row = (this.counts[method] ??= {});
    row[outcome] = (row[outcome] ?? 0) + 1;
  }
}

const seen = (value: unknown): SeenMessage => {
  const message = fieldsOf(value);
  const metadata = fieldsOf(message['metadata']);
  const eventType = textOf(metadata['event_type']);
  return {
    ts: textOf(message['ts']),
    ...optionalText('threadTs', message['thread_ts']),
    ...optionalText('userId', message['user']),
    ...optionalText('botId', message['bot_id']),
    ...(eventType === '' ? {} : { metadata: { eventType, payload: fieldsOf(metadata['event_payload']) } }),
  };
};
