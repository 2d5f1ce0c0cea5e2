import { SlackError } from '../answer.js';
import { messageJson } from '../message-json.js';
import { readableChannel, type Method } from '../method.js';
import { pageOf, withinRange } from '../paging.js';
import { tsMillis } from '../../workspace/timestamps.js';

/** Roots and broadcast replies, newest first. */
export const history: Method = (context) => {
  const { args } = context;
  const channel = readableChannel(context, args.required('channel'));
  const shown = channel.all().filter((message) => message.thread_ts === undefined || message.reply_broadcast);
  const page = pageOf(args, withinRange(context, shown).reverse(), true);
  const withMetadata = args.flag('include_all_metadata');
  const latest = args.text('latest');
  return {
    ...(latest !== undefined && { latest }),
    messages: page.messages.map((message) => messageJson(message, channel, withMetadata)),
    has_more: page.hasMore,
    pin_count: 0,
    channel_actions_ts: null,
    channel_actions_count: 0,
    ...page.next,
  };
};

/** Oldest first; Slack puts the parent at the top of every page, whatever the range says. */
export const replies: Method = (context) => {
  const { args, faults, workspace } = context;
  const channel = readableChannel(context, args.required('channel'));
  const asked = channel.get(args.required('ts'));
  const root = asked?.thread_ts === undefined ? asked : channel.get(asked.thread_ts);
  if (!root || faults.isLagging(channel.id, workspace.now() - tsMillis(root.ts))) {
    throw new SlackError('thread_not_found');
  }
  const page = pageOf(args, withinRange(context, channel.replies(root.ts)), false);
  const withMetadata = args.flag('include_all_metadata');
  return {
    messages: [root, ...page.messages].map((message) => messageJson(message, channel, withMetadata)),
    has_more: page.hasMore,
    ...page.next,
  };
};
