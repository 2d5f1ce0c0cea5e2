import type { JsonObject } from '../json.js';

export interface Block extends JsonObject {
  type: string;
  /** Made up when the sender gave none, as Slack does. */
  block_id?: string;
}

export interface Attachment extends JsonObject {
  id: number;
  fallback?: string;
  /** Without the `#`, as Slack gives it back. */
  color?: string;
  text?: string;
  blocks?: Block[];
}

export interface MessageMetadata {
  event_type: string;
  event_payload: JsonObject;
}

export interface Reaction {
  name: string;
  users: string[];
}

/** What a sender decides about a message. */
export interface MessageContent {
  text: string;
  blocks: Block[];
  attachments: Attachment[];
  metadata?: MessageMetadata;
}

export interface Message extends MessageContent {
  readonly channel: string;
  readonly ts: string;
  /** The author: a person's id, or the bot user's id. */
  user: string;
  bot_id?: string;
  username?: string;
  /** On a reply: its root. Missing on roots, also when a reply was un-threaded because its parent is gone. */
  thread_ts?: string;
  subtype?: 'thread_broadcast' | 'tombstone';
  /** True for a reply that is shown in the channel too. */
  reply_broadcast?: boolean;
  edited?: { user: string; ts: string };
  reactions: Reaction[];
  /** True for a tombstone (a deleted root whose replies stay) and for messages that are gone. */
  deleted: boolean;
  client_msg_id?: string;
  /** How often chat.update changed it. */
  edits: number;
  /** Grows with every change that can be seen: edits, reactions, replies. */
  revision: number;
}

/** Shown to one person only and not kept by Slack. */
export interface EphemeralMessage extends MessageContent {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly thread_ts?: string;
}

/** False for an ephemeral one. */
export function isKept(message: Message | EphemeralMessage): message is Message {
  return 'revision' in message;
}
