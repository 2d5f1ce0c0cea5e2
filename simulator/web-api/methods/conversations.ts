import type { Faults } from '../../faults/faults.js';
import { isMember } from '../../faults/is-member.js';
import type { JsonObject } from '../../json.js';
import type { Channel } from '../../workspace/channel.js';
import { BOT, TEAM } from '../../workspace/user.js';
import { SlackError } from '../answer.js';
import { visibleChannel, type Method } from '../method.js';

export const info: Method = (context) => {
  const { args, faults } = context;
  const channel = visibleChannel(context, args.required('channel'));
  const members = args.flag('include_num_members') ? { num_members: 3 } : {};
  return { channel: { ...channelJson(channel, faults), ...members } };
};

export const list: Method = ({ args, workspace, faults }) => {
  const types = (args.text('types') ?? 'public_channel').split(',').map((type) => type.trim());
  const unknown = types.find((type) => !['public_channel', 'private_channel', 'mpim', 'im'].includes(type));
  if (unknown !== undefined) throw new SlackError('invalid_types');
  const limit = args.limit('limit', 100, 1000);
  const start = cursorStart(args.text('cursor'));
  const shown = workspace.channels.filter((channel) => {
    if (channel.isArchived && args.flag('exclude_archived')) return false;
    if (!channel.isPrivate) return types.includes('public_channel');
    return types.includes('private_channel') && isMember(channel, faults);
  });
  const next = start + limit < shown.length ? Buffer.from(`offset:${start + limit}`).toString('base64') : '';
  return {
    channels: shown.slice(start, start + limit).map((channel) => channelJson(channel, faults)),
    response_metadata: { next_cursor: next },
  };
};

export const join: Method = (context) => {
  const { args, workspace, faults } = context;
  const channel = visibleChannel(context, args.required('channel'));
  if (channel.isArchived) throw new SlackError('is_archived');
  if (channel.isPrivate || !faults.mayJoin(channel.id)) {
    throw new SlackError('method_not_supported_for_channel_type');
  }
  const already = isMember(channel, faults);
  faults.rejoined(channel.id);
  workspace.join(channel);
  return {
    channel: channelJson(channel, faults),
    ...(already && {
      warning: 'already_in_channel',
      response_metadata: { warnings: ['already_in_channel'] },
    }),
  };
};

function channelJson(channel: Channel, faults: Faults): JsonObject {
  const created = Math.floor(channel.createdAt / 1000);
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !channel.isPrivate,
    is_group: channel.isPrivate,
    is_im: false,
    is_mpim: false,
    is_private: channel.isPrivate,
    is_archived: channel.isArchived,
    is_member: isMember(channel, faults),
    is_general: false,
    is_shared: false,
    is_org_shared: false,
    created,
    creator: 'U0JIHYE001',
    context_team_id: TEAM.id,
    topic: { value: channel.topic, creator: channel.topic === '' ? '' : BOT.user, last_set: created },
    purpose: { value: '', creator: '', last_set: 0 },
    previous_names: [],
  };
}

function cursorStart(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const match = /^offset:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString());
  if (!match) throw new SlackError('invalid_cursor');
  return Number(match[1]);
}
