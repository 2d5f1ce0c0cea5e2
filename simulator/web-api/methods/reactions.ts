import { BOT } from '../../workspace/user.js';
import type { Channel } from '../../workspace/channel.js';
import type { Message } from '../../workspace/message.js';
import { SlackError } from '../answer.js';
import { messageJson } from '../message-json.js';
import { liveMessage, readableChannel, visibleChannel, writableChannel, type Method } from '../method.js';
import type { MethodContext } from '../method.js';

const NAME = /^[\p{L}\p{N}_+'-]{1,100}(::skin-tone-[2-6])?$/u;

export const addReaction: Method = (context) => {
  const { message } = target(context, writableChannel);
  if (!context.workspace.react(message, emoji(context), BOT.user)) throw new SlackError('already_reacted');
  return {};
};

export const removeReaction: Method = (context) => {
  const { message } = target(context, visibleChannel);
  if (!context.workspace.unreact(message, emoji(context), BOT.user)) throw new SlackError('no_reaction');
  return {};
};

export const getReactions: Method = (context) => {
  const { channel, message } = target(context, readableChannel);
  const shown = { ...messageJson(message, channel, false), permalink: `${context.url}archives/${channel.id}` };
  return { type: 'message', channel: channel.id, message: shown };
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
  const name = args.required('name').replaceAll(/^:|:$/g, '');
  if (!NAME.test(name)) throw new SlackError('invalid_name');
  return name;
}
