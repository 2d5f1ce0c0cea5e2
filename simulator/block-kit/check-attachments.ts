import { isJsonObject } from '../json.js';
import { checkBlocks } from './check-blocks.js';

export const MAX_ATTACHMENTS = 100;

const COLOR = /^(#?[0-9a-f]{3}|#?[0-9a-f]{6}|good|warning|danger)$/i;

/** Fields of https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments */
const KNOWN = [
  'actions',
  'attachment_type',
  'author_icon',
  'author_link',
  'author_name',
  'blocks',
  'callback_id',
  'color',
  'fallback',
  'fields',
  'footer',
  'footer_icon',
  'id',
  'image_url',
  'mrkdwn_in',
  'pretext',
  'text',
  'thumb_url',
  'title',
  'title_link',
  'ts',
];

/** All that Slack would find wrong with a message's attachments; their number is checked elsewhere. */
export function checkAttachments(attachments: readonly unknown[]): string[] {
  return attachments.flatMap((attachment, index) => checkAttachment(attachment, `/attachments/${index}`));
}

function checkAttachment(attachment: unknown, pointer: string): string[] {
  if (!isJsonObject(attachment)) return [`must provide an object [json-pointer:${pointer}]`];
  const found = Object.keys(attachment)
    .filter((key) => !KNOWN.includes(key))
    .map((key) => `invalid additional property: ${key} [json-pointer:${pointer}]`);
  const { color, blocks, ...rest } = attachment;
  if (color !== undefined && (typeof color !== 'string' || !COLOR.test(color))) {
    found.push(`must be a valid color [json-pointer:${pointer}/color]`);
  }
  for (const key of ['text', 'fallback', 'title', 'pretext', 'footer']) {
    if (rest[key] !== undefined && typeof rest[key] !== 'string') {
      found.push(`must provide a string [json-pointer:${pointer}/${key}]`);
    }
  }
  if (blocks === undefined) return found;
  if (!Array.isArray(blocks)) return [...found, `must be an array [json-pointer:${pointer}/blocks]`];
  // Blocks replace the legacy body; Slack answers invalid_keys to both together.
  if (rest.text !== undefined || rest.fields !== undefined || rest.title !== undefined) {
    found.push(`invalid_keys [json-pointer:${pointer}]`);
  }
  return [...found, ...checkBlocks(blocks, `${pointer}/blocks`)];
}
