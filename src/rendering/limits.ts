import type { SlackMessage } from './message.js';

/**
 * Slack's limits, in UTF-16 units: never fewer than the characters that Slack counts.
 * https://docs.slack.dev/reference/block-kit/blocks; where it says "ours", the figure is a judgement.
 */
export const LIMITS = {
  header: 150,
  section: 3000,
  fields: 10,
  field: 2000,
  /** One text of a context block; longer ones are refused with `invalid_blocks`. */
  context: 2000,
  blocks: 50,
  modalTitle: 24,
  /** What a person may type into an input. */
  inputValue: 3000,
  /** https://docs.slack.dev/reference/block-kit/composition-objects/option-object; a button's value may be longer. */
  optionValue: 75,
  /** Ours: all blocks as JSON. Slack answers `msg_blocks_too_long` near 13,200 and documents no figure. */
  allBlocks: 12_000,
  /** Ours: chat.update refuses more than 4,000 with `msg_too_long`. */
  text: 3900,
  /** Ours: top-level text beside blocks is read on a lock screen. */
  notification: 1000,
  /** Ours: a message without blocks stays short. */
  plainText: 1000,
  /** Ours: a whole `<url|label>`, so that it fits a section beside our own words. */
  link: 2900,
} as const;

/** Whether Slack takes the message's blocks: their number and their size together, those of attachments included. */
export const fits = ({ blocks = [], attachments = [] }: SlackMessage): boolean => {
  let count = blocks.length;
  for (const attachment of attachments) count += attachment.blocks?.length ?? 0;
  if (count > LIMITS.blocks) return false;
  return JSON.stringify(blocks).length + JSON.stringify(attachments).length <= LIMITS.allBlocks;
};
