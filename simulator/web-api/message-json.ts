import { isJsonObject, type JsonObject } from '../json.js';
import type { Channel } from '../workspace/channel.js';
import type { Message } from '../workspace/message.js';
import { BOT, TEAM } from '../workspace/user.js';

const BOT_PROFILE = {
  id: BOT.bot,
  app_id: BOT.app,
  user_id: BOT.user,
  name: BOT.name,
  icons: {},
  deleted: false,
  updated: 1_700_000_000,
  team_id: TEAM.id,
};

/** A message as Slack's answers show it. */
export function messageJson(message: Message, channel: Channel, withMetadata: boolean): JsonObject {
  if (message.subtype === 'tombstone') return { ...tombstone(message), ...threadFacts(message, channel) };
  return {
    user: message.user,
    type: 'message',
    ts: message.ts,
    ...(message.subtype && { subtype: message.subtype }),
    ...(message.client_msg_id !== undefined && { client_msg_id: message.client_msg_id }),
    ...(message.bot_id !== undefined && { bot_id: message.bot_id, app_id: BOT.app }),
    ...(message.username !== undefined && { username: message.username }),
    text: message.text,
    team: TEAM.id,
    ...(message.bot_id !== undefined && { bot_profile: BOT_PROFILE }),
    ...(message.edited && { edited: message.edited }),
    ...(message.blocks.length > 0 && { blocks: message.blocks }),
    ...(message.attachments.length > 0 && { attachments: message.attachments }),
    ...(withMetadata && message.metadata && { metadata: message.metadata }),
    ...threadFacts(message, channel),
    ...(message.reactions.length > 0 && { reactions: reactionsJson(message) }),
  };
}

/** `most`: how many users are named for each. */
export function reactionsJson(message: Message, most = Infinity): JsonObject[] {
  return message.reactions.map(({ name, users }) => ({ name, users: users.slice(0, most), count: users.length }));
}

/** Leads to the simulator's page (`url`, with a trailing slash), in the shape of Slack's own links. */
export function permalinkOf({ channel, ts, thread_ts: thread }: Message, url: string): string {
  const base = `${url}archives/${channel}/p${ts.replace('.', '')}`;
  return thread === undefined ? base : `${base}?thread_ts=${thread}&cid=${channel}`;
}

function tombstone(message: Message): JsonObject {
  return {
    type: 'message',
    subtype: 'tombstone',
    text: message.text,
    user: 'USLACKBOT',
    hidden: true,
    ts: message.ts,
  };
}

function threadFacts(message: Message, channel: Channel): JsonObject {
  if (message.thread_ts !== undefined) {
    const root = channel.get(message.thread_ts);
    return {
      thread_ts: message.thread_ts,
      ...(root && { parent_user_id: root.user }),
      ...(message.subtype === 'thread_broadcast' && root && { root: rootOfBroadcast(root, channel) }),
    };
  }
  const replies = channel.replies(message.ts);
  const latest = replies.at(-1);
  if (!latest) return {};
  const users = [...new Set(replies.map((reply) => reply.user))];
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users_count: users.length,
    latest_reply: latest.ts,
    reply_users: users.slice(0, 5),
    is_locked: false,
    subscribed: false,
  };
}

function rootOfBroadcast(root: Message, channel: Channel): JsonObject {
  const { blocks: _blocks, attachments: _attachments, ...rest } = messageJson(root, channel, false);
  return isJsonObject(rest) ? rest : {};
}
