import type { ResponseTarget } from '../../interactions/response-urls.js';
import { isKept, type EphemeralMessage, type Message } from '../../workspace/message.js';
import { BOT } from '../../workspace/user.js';
import type { Workspace } from '../../workspace/workspace.js';
import { SlackError } from '../answer.js';
import { isEmpty, readContent } from '../message-content.js';
import { readMetadata } from '../metadata.js';
import type { Method } from '../method.js';

/**
 * An answer to what a person did: a new message in the same place, for them alone or for all, or something done to the
 * message that they acted on. https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 */
export const respond: Method = ({ args, workspace, target }) => {
  if (!target) throw new SlackError('unknown_method');
  const type = args.text('response_type');
  const thread = args.text('thread_ts') ?? target.thread_ts;
  const deletes = args.flag('delete_original');
  // Without a word on either, Slack's default is the original.
  const replaces = args.text('replace_original') === undefined ? type === undefined : args.flag('replace_original');
  const metadata = args.structure('metadata', 'invalid_metadata_format');
  const known = metadata === undefined ? undefined : readMetadata(metadata);
  const given = readContent(args, 'post');
  const { text = '', blocks = [], attachments = [] } = given;
  const content = { text, blocks, attachments, ...(known && { metadata: known }) };
  const { channel, user } = target;

  if (deletes) {
    const original = originalOf(workspace, target);
    if (isKept(original)) workspace.deleteMessage(channel, original.ts);
    else workspace.unwhisper(original);
    if (isEmpty(given)) return {};
  }
  if (isEmpty(given)) throw new SlackError('no_text');
  if (replaces && !deletes) {
    const original = originalOf(workspace, target);
    if (isKept(original)) workspace.edit(original, content, BOT.user);
    else workspace.rewhisper(original, content);
    return {};
  }
  const place = { channel, ...(thread !== undefined && { thread_ts: thread }), ...content };
  if (type === 'in_channel') workspace.post({ ...place, user: BOT.user, bot_id: BOT.bot });
  else workspace.whisper({ ...place, user });
  return {};
};

function originalOf(
  workspace: Workspace,
  { channel, user, ts, isEphemeral }: ResponseTarget,
): Message | EphemeralMessage {
  const original = isEphemeral
    ? workspace.ephemerals.find((message) => message.ts === ts && message.user === user)
    : workspace.message(channel, ts);
  if (!original || (isKept(original) && original.deleted)) throw new SlackError('message_not_found');
  return original;
}
