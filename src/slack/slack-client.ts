import type { HomeView, KnownBlock, MessageAttachment, MessageMetadata, ModalView } from '@slack/types';

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
  /** Of Enterprise Grid: its workspaces belong together. */
  readonly enterpriseId?: string;
  /** `https://team.slack.com/`, where its messages have their addresses. */
  readonly workspaceUrl?: string;
}

/** A person of the workspace, or one who is seen in it. */
export interface SlackPerson {
  readonly id: string;
  /** Display name, else real name; may be empty. Untrusted text. */
  readonly name: string;
  readonly isBot: boolean;
  /** A guest: of several channels, or of one. */
  readonly isGuest: boolean;
  /** Of another organisation, seen through a shared channel (or, Slack's own `is_stranger`, not even there). */
  readonly isStranger: boolean;
  readonly isDeleted: boolean;
}

/** Who reacted to a message, by emoji name without colons and skin tone. */
export type Reactions = ReadonlyMap<string, ReadonlySet<string>>;

/** Where one person is told something that only they see. */
export interface Whisper {
  readonly channel: string;
  readonly userId: string;
  /** mrkdwn, escaped by the caller. */
  readonly text: string;
  /** Of the click, where there was one: it works without membership, five times in 30 min. */
  readonly responseUrl?: string;
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
  /** Opens a modal; `triggerId` lives 3 s. @returns the view's id */
  abstract openView(triggerId: string, view: ModalView): Promise<string>;
  abstract updateView(viewId: string, view: ModalView): Promise<void>;
  /** Shows the person their App Home. */
  abstract publishHome(userId: string, view: HomeView): Promise<void>;
  /** An ephemeral message; by the click's response_url where there is one, else by chat.postEphemeral. */
  abstract whisper(message: Whisper): Promise<void>;
  abstract reactions(channel: string, ts: string): Promise<Reactions>;
  abstract person(userId: string): Promise<SlackPerson>;
  /** User ids of a user group. */
  abstract usergroupMembers(usergroupId: string): Promise<readonly string[]>;
  abstract calls(): CallCounts;
}
