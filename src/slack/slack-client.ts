import type { KnownBlock, MessageAttachment, MessageMetadata } from '@slack/types';

/** A message as chat.postMessage and chat.update take it. */
export interface OutgoingMessage {
  readonly text: string;
  readonly blocks?: KnownBlock[];
  readonly attachments?: MessageAttachment[];
  /** Read back by {@link SlackClient.history}; every app of the workspace can read it, so ids only. */
  readonly metadata: MessageMetadata;
}

export interface PostOptions {
  /** Reply in this thread. */
  readonly threadTs?: string;
  /** Show the reply in the channel as well. */
  readonly broadcast?: boolean;
  /** A UUID that stays the same over repeats of one post. Slack documents no promise for it; nothing relies on it. */
  readonly clientMsgId?: string;
}

export interface PostedMessage {
  readonly ts: string;
  /** Absent although a reply was asked for: Slack un-threads replies to a deleted message without an error. */
  readonly threadTs?: string;
}

/** A message found in a channel or thread. */
export interface SeenMessage {
  readonly ts: string;
  readonly threadTs?: string;
  readonly userId?: string;
  readonly botId?: string;
  readonly metadata?: { readonly eventType: string; readonly payload: Readonly<Record<string, unknown>> };
}

export interface MessagePage {
  readonly messages: readonly SeenMessage[];
  readonly nextCursor?: string;
}

export interface PageOptions {
  /** Epoch milliseconds; older messages are left out. */
  readonly oldest: number;
  readonly cursor?: string;
}

/** Who we are in the workspace. */
export interface SlackIdentity {
  readonly userId: string;
  readonly botId?: string;
  readonly teamId: string;
}

/** Slack calls since the start, by method and outcome: `ok`, or the error's kind. */
export type CallCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/**
 * Slack's Web API as far as it is used here. One try for each call, no queue, no retry: when to try again is decided by
 * the caller, who knows what is at stake. Each method throws a {@link SlackCallError}.
 */
export abstract class SlackClient {
  abstract post(channel: string, message: OutgoingMessage, options?: PostOptions): Promise<PostedMessage>;
  abstract update(channel: string, ts: string, message: OutgoingMessage): Promise<void>;
  abstract delete(channel: string, ts: string): Promise<void>;
  /** Messages of a channel, newest first, with metadata. */
  abstract history(channel: string, options: PageOptions): Promise<MessagePage>;
  /** A thread's root and replies, with metadata. */
  abstract replies(channel: string, threadTs: string, options: PageOptions): Promise<MessagePage>;
  /** Joins a public channel; being in it already is fine. */
  abstract join(channel: string): Promise<void>;
  /** Asked of Slack once, then remembered. */
  abstract identity(): Promise<SlackIdentity>;
  abstract calls(): CallCounts;
}
