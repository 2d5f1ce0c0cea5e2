import { ACTION_ELEMENTS } from './elements.js';
import {
  anyText,
  anything,
  boolean,
  element,
  list,
  object,
  plain,
  required,
  string,
  url,
  type Rule,
  type Shape,
} from './rule.js';

const BLOCK_ID = string(255, 1);
const CONTEXT_ELEMENT: Rule = { kind: 'element', of: ['image', 'plain_text', 'mrkdwn'] };

/**
 * Blocks that a message or a view may hold here: https://docs.slack.dev/reference/block-kit/blocks
 * Slack's newer ones (alert, card, carousel, container, data_table, plan, task_card, file, context_actions) are
 * refused as unsupported: nothing in this project sends them.
 */
export const BLOCKS: Readonly<Record<string, Shape>> = {
  header: { fields: { block_id: BLOCK_ID, text: required(plain(150)), level: anything } },
  section: {
    fields: {
      block_id: BLOCK_ID,
      text: anyText(3000),
      fields: list(anyText(2000), 10),
      accessory: element(...ACTION_ELEMENTS, 'image'),
      expand: boolean,
    },
    oneOf: ['text', 'fields'],
  },
  context: { fields: { block_id: BLOCK_ID, elements: required(list(CONTEXT_ELEMENT, 10)) } },
  actions: {
    fields: { block_id: BLOCK_ID, elements: required(list(element(...ACTION_ELEMENTS), 25)) },
    uniqueActions: true,
  },
  divider: { fields: { block_id: BLOCK_ID } },
  image: {
    fields: {
      block_id: BLOCK_ID,
      image_url: url(3000),
      slack_file: anything,
      alt_text: required(string(2000)),
      title: plain(2000),
    },
    oneOf: ['image_url', 'slack_file'],
  },
  rich_text: {
    fields: {
      block_id: BLOCK_ID,
      elements: required(
        list(element('rich_text_section', 'rich_text_list', 'rich_text_quote', 'rich_text_preformatted'), 1000, 0),
      ),
    },
  },
  markdown: { fields: { block_id: BLOCK_ID, text: required(string(12_000, 1)) } },
  input: {
    fields: {
      block_id: BLOCK_ID,
      label: required(plain(2000)),
      hint: plain(2000),
      optional: boolean,
      dispatch_action: boolean,
      element: required(
        element(...ACTION_ELEMENTS.filter((type) => type !== 'button'), 'plain_text_input', 'number_input'),
      ),
    },
  },
  video: {
    fields: {
      block_id: BLOCK_ID,
      video_url: required(url(3000)),
      thumbnail_url: required(url(3000)),
      alt_text: required(string(2000)),
      title: required(plain(200)),
      title_url: url(3000),
      author_name: string(50),
      provider_name: string(50),
      provider_icon_url: url(3000),
      description: plain(200),
    },
  },
  table: {
    fields: {
      block_id: BLOCK_ID,
      rows: required(list(list(object({ fields: { type: anything, text: anything, elements: anything } }), 20), 100)),
      column_settings: anything,
    },
  },
};

/** Slack takes input blocks in messages too; this project has no use for them there, so one is a mistake. */
export const VIEWS_ONLY: readonly string[] = ['input'];
export const MESSAGES_ONLY: readonly string[] = ['markdown', 'table'];

/** Text objects, also where an element is expected (context). */
export const TEXT_IN_CONTEXT = 2000;
