import type { Faults } from '../faults/faults.js';
import { isMember } from '../faults/is-member.js';
import type { ResponseTarget } from '../interactions/response-urls.js';
import type { TriggerIds } from '../interactions/trigger-ids.js';
import type { JsonObject } from '../json.js';
import type { AppEvents } from '../people/app-events.js';
import type { Sockets } from '../sockets/sockets.js';
import type { Channel } from '../workspace/channel.js';
import type { Message } from '../workspace/message.js';
import type { Workspace } from '../workspace/workspace.js';
import { SlackError } from './answer.js';
import type { MethodArguments } from './method-arguments.js';

export interface MethodContext {
  args: MethodArguments;
  workspace: Workspace;
  faults: Faults;
  sockets: Sockets;
  events: AppEvents;
  triggers: TriggerIds;
  /** For an answer to a response_url: where it goes. */
  target?: ResponseTarget;
  /** Where the page is, with a trailing slash: permalinks lead there. */
  url: string;
}

/** Returns the answer's fields beside `ok`, or throws a SlackError. */
export type Method = (context: MethodContext) => JsonObject;

/** The channel, if the bot may know that it exists. */
export function visibleChannel({ workspace, faults }: MethodContext, id: string): Channel {
  const channel = workspace.findChannel(id);
  if (!channel || (channel.isPrivate && !isMember(channel, faults))) throw new SlackError('channel_not_found');
  return channel;
}

/** Reading wants membership, in public channels too. */
export function readableChannel(context: MethodContext, id: string): Channel {
  const channel = visibleChannel(context, id);
  if (!isMember(channel, context.faults)) throw new SlackError('not_in_channel');
  return channel;
}

/** Posting to a public channel wants none (chat:write.public). */
export function writableChannel(context: MethodContext, id: string): Channel {
  const channel = visibleChannel(context, id);
  if (channel.isArchived) throw new SlackError('is_archived');
  return channel;
}

export function liveMessage(channel: Channel, ts: string, missing = 'message_not_found'): Message {
  const message = channel.get(ts);
  if (!message || message.deleted) throw new SlackError(missing);
  return message;
}
