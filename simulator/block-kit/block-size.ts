import { isJsonObject } from '../json.js';

/**
 * Slack refuses a message whose blocks together are too long (`msg_blocks_too_long`). The rule is not documented; a
 * maintainer named "12,000 text characters with a buffer for block containers", users met it near 13,200:
 * https://github.com/slackapi/bolt-js/issues/2509
 */
export const MAX_BLOCK_CHARACTERS = 13_200;

/** A judgement, so that many small blocks weigh something too. */
const CONTAINER = 10;

const TEXT_KEYS: ReadonlySet<string> = new Set(['text', 'alt_text', 'fallback', 'initial_value']);

/** Characters of all text in it, plus a little for every block, element and text object. */
export function blockSize(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + blockSize(item), 0);
  if (!isJsonObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, item]) => sum + (typeof item === 'string' ? (TEXT_KEYS.has(key) ? item.length : 0) : blockSize(item)),
    CONTAINER,
  );
}
