import { isJsonObject } from '../json.js';
import type { Block } from '../workspace/message.js';
import { BLOCKS, MESSAGES_ONLY, VIEWS_ONLY } from './blocks.js';
import { Complaints, checkShape } from './check.js';

const MAX_BLOCKS = 50;

/** A message, or a modal or home tab. */
export type SurfaceKind = 'message' | 'view';

const NOT_IN: Readonly<Record<SurfaceKind, readonly string[]>> = { message: VIEWS_ONLY, view: MESSAGES_ONLY };

export function isBlock(value: unknown): value is Block {
  return isJsonObject(value) && typeof value.type === 'string';
}

/** All that Slack would find wrong with blocks; empty when it takes them. A view's number of blocks is checked elsewhere. */
export function checkBlocks(
  blocks: readonly unknown[],
  pointer = '/blocks',
  surface: SurfaceKind = 'message',
): string[] {
  const complaints = new Complaints();
  if (surface === 'message' && blocks.length > MAX_BLOCKS)
    complaints.add(`no more than ${MAX_BLOCKS} items allowed`, pointer);
  const ids = new Set<string>();
  for (const [index, block] of blocks.entries()) {
    const here = `${pointer}/${index}`;
    if (!isBlock(block)) {
      complaints.add('must provide an object with a type', here);
      continue;
    }
    const isKnown = Object.hasOwn(BLOCKS, block.type) && !NOT_IN[surface].includes(block.type);
    const shape = isKnown ? BLOCKS[block.type] : undefined;
    if (!shape) {
      complaints.add(`unsupported type: ${block.type}`, `${here}/type`);
      continue;
    }
    checkShape(block, shape, here, complaints);
    if (typeof block.block_id !== 'string') continue;
    if (ids.has(block.block_id)) complaints.add(`\`block_id\` already exists: ${block.block_id}`, `${here}/block_id`);
    ids.add(block.block_id);
  }
  return complaints.found;
}
