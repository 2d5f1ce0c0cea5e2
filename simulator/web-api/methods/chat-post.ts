import { isMember } from '../../faults/is-member.js';
import { parseTs } from '../../workspace/timestamps.js';
import { BOT } from '../../workspace/user.js';
import { SlackError } from '../answer.js';
import { isEmpty, readContent } from '../message-content.js';
import { messageJson } from '../message-json.js';
import { readMetadata } from '../metadata.js';
import { writableChannel, type Method, type MethodContext } from '../method.js';

export const postMessage: Method = (context) => {
  const { args, workspace } = context;
  const channel = writableChannel(context, channelId(context));
  const content = readContent(args, 'post');
  if (isEmpty(content)) throw new SlackError('no_text');
  const metadata = args.structure('metadata', 'invalid_metadata_format');
  const known = metadata === undefined ? undefined : readMetadata(metadata);
  const thread = threadOf(args.text('thread_ts'), (ts) => channel.get(ts));
  const client = args.text('client_msg_id');
  const username = args.text('username');
  const message = workspace.post({
    channel: channel.id,
    user: BOT.user,
    bot_id: BOT.bot,
    ...content,
    ...(known && { metadata: known }),
    ...(thread !== undefined && { thread_ts: thread, reply_broadcast: args.flag('reply_broadcast') }),
    ...(client !== undefined && { client_msg_id: client }),
    ...(username !== undefined && { username }),
  });
  return { channel: channel.id, ts: message.ts, message: messageJson(message, channel, true) };
};

export const postEphemeral: Method = (context) => {
  const { args, workspace, faults } = context;
  const channel = writableChannel(context, args.required('channel'));
  const user = args.required('user');
  if (!workspace.users.has(user)) throw new SlackError('user_not_in_channel');
  if (!isMember(channel, faults)) throw new SlackError('not_in_channel');
  const content = readContent(args, 'post');
  if (isEmpty(content)) throw new SlackError('no_text');
  const thread = args.text('thread_ts');
  const { text = '', blocks = [], attachments = [] } = content;
  const draft = { channel: channel.id, user, text, blocks, attachments };
  const message = workspace.whisper(thread === undefined ? draft : { ...draft, thread_ts: thread });
  return { message_ts: message.ts };
};

/** Only chat.postMessage takes a channel's name too. */
function channelId({ args, workspace }: MethodContext): string {
  const given = args.required('channel');
  const name = given.replace(/^#/, '');
  return workspace.channels.find((channel) => channel.name === name)?.id ?? given;
}

/**
 * Undefined un-threads: that is what Slack does, without a word, when the parent is gone.
 * A reply's own ts is no parent; Slack's answer to it is not documented, and this one makes the mistake visible.
 */
function threadOf(
  ts: string | undefined,
  find: (ts: string) => { deleted: boolean; thread_ts?: string } | undefined,
): string | undefined {
  if (ts === undefined) return undefined;
  if (parseTs(ts) === undefined) throw new SlackError('invalid_thread_ts');
  const parent = find(ts);
  if (parent?.thread_ts !== undefined) throw new SlackError('cannot_reply_to_message');
  return parent && !parent.deleted ? ts : undefined;
}
