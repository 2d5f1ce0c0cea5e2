import { isJsonObject } from '../json.js';
import { checkBlocks } from './check-blocks.js';
import { Complaints, checkShape } from './check.js';
import { anything, boolean, list, plain, required, string, type Rule, type Shape } from './rule.js';

/** https://docs.slack.dev/reference/views */
const MAX_VIEW_BLOCKS = 100;

const BLOCKS = required(list(anything, MAX_VIEW_BLOCKS, 0));
const COMMON: Readonly<Record<string, Rule>> = {
  blocks: BLOCKS,
  private_metadata: string(3000),
  callback_id: string(255),
  external_id: string(255),
};
const SHAPES: Readonly<Record<'modal' | 'home', Shape>> = {
  modal: {
    fields: {
      ...COMMON,
      title: required(plain(24)),
      submit: plain(24),
      close: plain(24),
      clear_on_close: boolean,
      notify_on_close: boolean,
      submit_disabled: boolean,
    },
  },
  home: { fields: COMMON },
};

/** All that Slack would find wrong with a view; empty when it takes it. */
export function checkView(view: unknown, pointer = '/view'): string[] {
  const complaints = new Complaints();
  if (!isJsonObject(view)) {
    complaints.add('must provide an object', pointer);
    return complaints.found;
  }
  const { type } = view;
  if (type !== 'modal' && type !== 'home') {
    complaints.add('must be one of: modal, home', `${pointer}/type`);
    return complaints.found;
  }
  checkShape(view, SHAPES[type], pointer, complaints);
  const blocks: unknown[] = Array.isArray(view.blocks) ? view.blocks : [];
  if (
    type === 'modal' &&
    view.submit === undefined &&
    blocks.some((block) => isJsonObject(block) && block.type === 'input')
  ) {
    complaints.add('missing required field: submit, as there are input blocks', pointer);
  }
  return [...complaints.found, ...checkBlocks(blocks, `${pointer}/blocks`, 'view')];
}
