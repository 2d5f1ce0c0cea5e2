import { isJsonObject, type JsonObject } from '../json.js';
import type { Attachment, Block } from '../workspace/message.js';

export interface FoundElement {
  element: JsonObject;
  block: Block;
  /** Set when the block is in an attachment. */
  attachmentId?: number;
}

/** The elements of a block that a person can act on. */
export function elementsOf(block: Block): JsonObject[] {
  const { elements, accessory, element } = block;
  const candidates: unknown[] = [...(Array.isArray(elements) ? (elements as unknown[]) : []), accessory, element];
  return candidates.filter(isJsonObject).filter(({ action_id: id }) => typeof id === 'string');
}

/** As the message or view stands. Throws when a person could not act on it: nothing is there to click. */
export function findElement(
  surface: { blocks: readonly Block[]; attachments?: readonly Attachment[] },
  actionId: string,
): FoundElement {
  const all: FoundElement[] = [
    ...surface.blocks.flatMap((block) => elementsOf(block).map((element) => ({ element, block }))),
    ...(surface.attachments ?? []).flatMap(({ id, blocks = [] }) =>
      blocks.flatMap((block) => elementsOf(block).map((element) => ({ element, block, attachmentId: id }))),
    ),
  ];
  const found = all.find(({ element }) => element.action_id === actionId);
  if (found) return found;
  const ids = all.map(({ element }) => String(element.action_id));
  throw new Error(`there is no ${actionId} to click; there is ${ids.join(', ') || 'nothing that could be clicked'}`);
}
