import { parseEmojiName } from '../../workspace/emoji.js';
import { BOT } from '../../workspace/user.js';
import type { Channel } from '../../workspace/channel.js';
import type { Message } from '../../workspace/message.js';
import { SlackError } from '../answer.js';
import { messageJson, permalinkOf, reactionsJson } from '../message-json.js';
import { liveMessage, readableChannel, visibleChannel, writableChannel, type Method } from '../method.js';
import type { MethodContext } from '../method.js';

/** Slack leaves users out of long lists, unless `full` asks for all; `count` is always right. The number is a judgement. */
const SHORT_LIST = 50;

export const addReaction: Method = (context) => {
  const { message } = target(context, writableChannel);
  const name = emoji(context);
  if (!context.workspace.react(message, name, BOT.user)) throw new SlackError('already_reacted');
  context.events.reaction('reaction_added', message, name, BOT.user);
  return {};
};

export const removeReaction: Method = (context) => {
  const { message } = target(context, visibleChannel);
  const name = emoji(context);
  if (!context.workspace.unreact(message, name, BOT.user)) throw new SlackError('no_reaction');
  context.events.reaction('reaction_removed', message, name, BOT.user);
  return {};
};

export const getReactions: Method = (context) => {
  const { channel, message } = target(context, readableChannel);
  const shown = { ...messageJson(message, channel, false), permalink: permalinkOf(message, context.url) };
  const reactions = reactionsJson(message, context.args.flag('full') ? Infinity : SHORT_LIST);
  return { type: 'message', channel: channel.id, message: reactions.length > 0 ? { ...shown, reactions } : shown };
};

function target(
  context: MethodContext,
  find: (context: MethodContext, id: string) => Channel,
): { channel: Channel; message: Message } {
  const id = context.args.text('channel');
  const ts = context.args.text('timestamp');
  if (id === undefined || ts === undefined) throw new SlackError('no_item_specified');
  const channel = find(context, id);
  return { channel, message: liveMessage(channel, ts) };
}

function emoji({ args }: MethodContext): string {
  const name = parseEmojiName(args.required('name'));
  if (name === undefined) throw new SlackError('invalid_name');
  return name;
}
