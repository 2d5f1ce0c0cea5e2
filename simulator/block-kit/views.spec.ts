import { checkBlocks } from './check-blocks.js';
import { checkView } from './check-view.js';

type Json = Record<string, unknown>;

const x = (length: number): string => 'x'.repeat(length);
const plain = (text: string): Json => ({ type: 'plain_text', text });
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const modal = (extra: Json = {}): Json => ({
  type: 'modal',
  title: plain('x'),
  submit: plain('x'),
  blocks: [],
  ...extra,
});
const input = (element: Json, extra: Json = {}): Json => ({ type: 'input', label: plain('x'), element, ...extra });
const text = (extra: Json = {}): Json => ({ type: 'plain_text_input', action_id: 'a', ...extra });
const option = (value: string): Json => ({ text: plain('x'), value });
const select = (extra: Json = {}): Json => ({
  type: 'static_select',
  action_id: 'a',
  options: [option('1')],
  ...extra,
});
const button = (action: string): Json => ({ type: 'button', action_id: action, text: plain('x') });
const actions = (...elements: Json[]): Json => ({ type: 'actions', elements });

it.each<[what: string, view: Json]>([
  ['the longest texts', modal({ title: plain(x(24)), submit: plain(x(24)), close: plain(x(24)) })],
  ['the longest ids', modal({ private_metadata: x(3000), callback_id: x(255), external_id: x(255) })],
  ['100 blocks', modal({ blocks: many(100, () => ({ type: 'divider' })) })],
  ['inputs', modal({ blocks: [input(text({ multiline: true, initial_value: x(3000) })), input(select())] })],
  ['equal action_ids in two blocks', modal({ blocks: [actions(button('a')), actions(button('a'))] })],
  ['an initial option', modal({ blocks: [input(select({ initial_option: option('1') }))] })],
  ['a modal without input and submit', modal({ submit: undefined, blocks: [{ type: 'divider' }] })],
  ['a home', { type: 'home', blocks: [actions(button('a'))] }],
])('takes %s', (_, view) => {
  expect(checkView(JSON.parse(JSON.stringify(view)))).toEqual([]);
});

it.each<[what: string, view: unknown, hint: string]>([
  ['nothing', 'x', 'must provide an object [json-pointer:/view]'],
  ['another type', modal({ type: 'sheet' }), 'must be one of: modal, home [json-pointer:/view/type]'],
  ['a title of 25', modal({ title: plain(x(25)) }), 'must be less than 25 characters [json-pointer:/view/title/text]'],
  ['a submit of 25', modal({ submit: plain(x(25)) }), 'must be less than 25 characters'],
  ['a close of 25', modal({ close: plain(x(25)) }), 'must be less than 25 characters'],
  ['a title in mrkdwn', modal({ title: { type: 'mrkdwn', text: 'x' } }), 'unsupported type: mrkdwn'],
  ['no title', modal({ title: undefined }), 'missing required field: title [json-pointer:/view]'],
  ['no blocks', modal({ blocks: undefined }), 'missing required field: blocks'],
  ['private_metadata of 3,001', modal({ private_metadata: x(3001) }), 'must be less than 3001 characters'],
  ['a callback_id of 256', modal({ callback_id: x(256) }), 'must be less than 256 characters'],
  ['101 blocks', modal({ blocks: many(101, () => ({ type: 'divider' })) }), 'no more than 100 items allowed'],
  ['an input without submit', modal({ submit: undefined, blocks: [input(text())] }), 'missing required field: submit'],
  [
    'an input without a label',
    modal({ blocks: [{ type: 'input', element: text() }] }),
    'missing required field: label',
  ],
  ['a button as input', modal({ blocks: [input(button('a'))] }), 'unsupported type: button'],
  ['a text input among actions', modal({ blocks: [actions(text())] }), 'unsupported type: plain_text_input'],
  ['an initial_value of 3,001', modal({ blocks: [input(text({ initial_value: x(3001) }))] }), 'less than 3001'],
  ['equal action_ids in one block', modal({ blocks: [actions(button('a'), button('a'))] }), 'already exists'],
  ['equal block_ids', modal({ blocks: many(2, () => ({ type: 'divider', block_id: 'a' })) }), '`block_id` already'],
  ['an option value of 151', modal({ blocks: [input(select({ options: [option(x(151))] }))] }), 'less than 151'],
  [
    'an initial option elsewhere',
    modal({ blocks: [input(select({ initial_option: option('2') }))] }),
    'provided options',
  ],
  ['a markdown block', modal({ blocks: [{ type: 'markdown', text: 'x' }] }), 'unsupported type: markdown'],
  ['an unknown property', modal({ colour: 'red' }), 'invalid additional property: colour'],
  ['a home with a title', { type: 'home', title: plain('x'), blocks: [] }, 'invalid additional property: title'],
])('refuses %s and says where', (_, view, hint) => {
  expect(checkView(JSON.parse(JSON.stringify(view)))).toEqual([expect.stringContaining(hint)]);
});

it('takes input blocks in views alone', () => {
  expect(checkBlocks([input(text())])).toEqual([expect.stringContaining('unsupported type: input')]);
});
