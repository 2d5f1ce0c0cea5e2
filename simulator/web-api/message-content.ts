import { blockSize, MAX_BLOCK_CHARACTERS } from '../block-kit/block-size.js';
import { checkAttachments, MAX_ATTACHMENTS } from '../block-kit/check-attachments.js';
import { checkBlocks, isBlock } from '../block-kit/check-blocks.js';
import { isJsonObject } from '../json.js';
import type { Attachment, Block } from '../workspace/message.js';
import { SlackError } from './answer.js';
import type { MethodArguments } from './method-arguments.js';

/** Slack cuts longer texts of new messages: https://docs.slack.dev/reference/methods/chat.postMessage#truncating */
const MAX_POSTED_TEXT = 40_000;
const MAX_UPDATED_TEXT = 4_000;

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Undefined is a field that the call does not mention. */
export interface GivenContent {
  text?: string;
  blocks?: Block[];
  attachments?: Attachment[];
}

/** Reads and checks text, blocks and attachments, in the order in which Slack complains. */
export function readContent(args: MethodArguments, purpose: 'post' | 'update'): GivenContent {
  const text = args.text('text');
  const blocks = readBlocks(args);
  const attachments = readAttachments(args);
  if (purpose === 'update' && text !== undefined && text.length > MAX_UPDATED_TEXT) {
    throw new SlackError('msg_too_long');
  }
  const size = blockSize(blocks ?? []) + blockSize((attachments ?? []).map((attachment) => attachment.blocks ?? []));
  if (size > MAX_BLOCK_CHARACTERS) throw new SlackError('msg_blocks_too_long');
  return {
    ...(text !== undefined && { text: text.slice(0, MAX_POSTED_TEXT) }),
    ...(blocks && { blocks }),
    ...(attachments && { attachments }),
  };
}

export function isEmpty({ text = '', blocks = [], attachments = [] }: GivenContent): boolean {
  return text.trim() === '' && blocks.length === 0 && attachments.length === 0;
}

function readBlocks(args: MethodArguments): Block[] | undefined {
  const given = args.structure('blocks', 'invalid_blocks_format');
  if (given === undefined) return undefined;
  // A lone surrogate makes the whole JSON unreadable for Slack, which knows UTF-8 only.
  if (!Array.isArray(given) || !isWellFormed(given)) throw new SlackError('invalid_blocks_format');
  const complaints = checkBlocks(given);
  if (complaints.length > 0) throw new SlackError('invalid_blocks', complaints);
  return withIds(given, 'b');
}

function readAttachments(args: MethodArguments): Attachment[] | undefined {
  const given = args.structure('attachments', 'invalid_attachments');
  if (given === undefined) return undefined;
  if (!Array.isArray(given) || !isWellFormed(given)) throw new SlackError('invalid_attachments');
  if (given.length > MAX_ATTACHMENTS) throw new SlackError('too_many_attachments');
  const complaints = checkAttachments(given);
  if (complaints.length > 0) throw new SlackError('invalid_attachments', complaints);
  return given.filter(isJsonObject).map((attachment, index) => stored(attachment, index + 1));
}

function stored(given: Record<string, unknown>, id: number): Attachment {
  const { color, blocks, ...rest } = given;
  return {
    ...rest,
    id,
    ...(typeof color === 'string' && { color: color.replace('#', '') }),
    fallback: typeof rest.fallback === 'string' ? rest.fallback : '[no preview available]',
    ...(Array.isArray(blocks) && { blocks: withIds(blocks, `a${id}`) }),
  };
}

/** Slack makes ids up for blocks that have none. */
export function withIds(blocks: readonly unknown[], prefix: string): Block[] {
  return blocks.filter(isBlock).map((block, index) => ({ ...block, block_id: block.block_id ?? `${prefix}_${index}` }));
}

export function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return !LONE_SURROGATE.test(value);
  if (Array.isArray(value)) return value.every(isWellFormed);
  return !isJsonObject(value) || Object.values(value).every(isWellFormed);
}
