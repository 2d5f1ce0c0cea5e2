import { isJsonObject } from '../json.js';
import type { Message } from './message.js';
import type { Workspace } from './workspace.js';

const LINE = 160;
/** Slack's markup for a time; read as its fallback. */
const DATE = /<!date\^[^|>]*\|([^>]*)>/g;

/** A channel as a person would read it, for the message of a test that waited in vain. */
export function channelAsText(workspace: Workspace, channelId: string): string {
  const channel = workspace.channel(channelId);
  const lines = workspace
    .messages(channelId)
    .flatMap((root) => [line(root), ...workspace.replies(channelId, root.ts).map((reply) => `  ↳ ${line(reply)}`)]);
  return [`#${channel.name} (${channel.id}):`, ...(lines.length > 0 ? lines : ['  no messages'])].join('\n');
}

export function workspaceAsText(workspace: Workspace): string {
  return workspace.channels
    .filter((channel) => channel.all().length > 0)
    .map((channel) => channelAsText(workspace, channel.id))
    .join('\n');
}

function line(message: Message): string {
  const marks = [
    message.edits > 0 ? `edited ${message.edits}×` : '',
    message.subtype ?? '',
    message.reactions.map((reaction) => `:${reaction.name}: ${reaction.users.length}`).join(' '),
  ].filter(Boolean);
  const text = messageText(message).replaceAll(/\s+/g, ' ');
  return `${message.ts} ${text.slice(0, LINE)}${marks.length > 0 ? ` [${marks.join(', ')}]` : ''}`;
}

/** All text that a reader sees: the blocks' and attachments', or the plain text where there are none. */
export function messageText(message: Pick<Message, 'text' | 'blocks' | 'attachments'>): string {
  const drawn = [...texts(message.blocks), ...texts(message.attachments.map((a) => a.blocks ?? a.text ?? ''))];
  return drawn.length > 0 && message.blocks.length > 0 ? drawn.join('\n') : [message.text, ...drawn].join('\n');
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value.replaceAll(DATE, '$1')];
  if (Array.isArray(value)) return value.flatMap(texts);
  if (!isJsonObject(value)) return [];
  return ['text', 'fields', 'elements', 'title', 'alt_text', 'accessory'].flatMap((key) =>
    value[key] === undefined ? [] : texts(value[key]),
  );
}
