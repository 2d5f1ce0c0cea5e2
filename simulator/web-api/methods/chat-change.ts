import { BOT } from '../../workspace/user.js';
import { SlackError } from '../answer.js';
import { isEmpty, readContent } from '../message-content.js';
import { messageJson, permalinkOf } from '../message-json.js';
import { readMetadata } from '../metadata.js';
import { liveMessage, visibleChannel, writableChannel, type Method } from '../method.js';

/** What the call leaves out stays as it was, except the text: a new text goes with new blocks. */
export const updateMessage: Method = (context) => {
  const { args, workspace } = context;
  const channel = writableChannel(context, args.required('channel'));
  const message = liveMessage(channel, args.required('ts'));
  if (!workspace.isOwn(message)) throw new SlackError('cant_update_message');
  const given = readContent(args, 'update');
  if (given.text === undefined && !given.blocks && !given.attachments) throw new SlackError('no_text');
  const content = {
    text: given.text ?? '',
    blocks: given.blocks ?? message.blocks,
    attachments: given.attachments ?? message.attachments,
  };
  if (isEmpty(content)) throw new SlackError('no_text');
  const metadata = args.structure('metadata', 'invalid_metadata_format');
  const known = metadata === undefined ? message.metadata : readMetadata(metadata);
  if (known === undefined) delete message.metadata;
  if (args.flag('reply_broadcast') && message.thread_ts !== undefined) {
    message.subtype = 'thread_broadcast';
    message.reply_broadcast = true;
  }
  workspace.edit(message, known ? { ...content, metadata: known } : content, BOT.user);
  const { ts, text } = message;
  return { channel: channel.id, ts, text, message: messageJson(message, channel, true) };
};

export const deleteMessage: Method = (context) => {
  const { args, workspace } = context;
  const channel = visibleChannel(context, args.required('channel'));
  const message = liveMessage(channel, args.required('ts'));
  if (!workspace.isOwn(message)) throw new SlackError('cant_delete_message');
  workspace.deleteMessage(channel.id, message.ts);
  return { channel: channel.id, ts: message.ts };
};

export const getPermalink: Method = (context) => {
  const { args, url } = context;
  const channel = visibleChannel(context, args.required('channel'));
  const message = liveMessage(channel, args.required('message_ts'));
  return { channel: channel.id, permalink: permalinkOf(message, url) };
};
