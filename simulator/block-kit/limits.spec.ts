import { ALERTS, clientOf, refusal } from '../spec-support.js';
import { startSimulator, type Simulator } from '../simulator.js';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ pace: 'off' });
});
afterAll(() => simulator.close());

type Json = Record<string, unknown>;

const x = (length: number): string => 'x'.repeat(length);
const plain = (text: string, extra: Json = {}): Json => ({ type: 'plain_text', text, ...extra });
const mrkdwn = (text: string, extra: Json = {}): Json => ({ type: 'mrkdwn', text, ...extra });
const section = (extra: Json): Json => ({ type: 'section', ...extra });
const header = (text: unknown): Json => ({ type: 'header', text });
const context = (...elements: Json[]): Json => ({ type: 'context', elements });
const button = (extra: Json = {}): Json => ({ type: 'button', text: plain('Ack'), action_id: 'ack', ...extra });
const actions = (...elements: unknown[]): Json => ({ type: 'actions', elements });
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const select = (extra: Json): Json => ({ type: 'static_select', action_id: 'silence', ...extra });
const option = (extra: Json = {}): Json => ({ text: plain('30 min'), value: '30m', ...extra });
const richText = (...elements: Json[]): Json => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements }],
});

const send = (args: Json) => clientOf(simulator).apiCall('chat.postMessage', { channel: ALERTS, text: 'x', ...args });

const GOOD: [what: string, blocks: unknown[]][] = [
  ['a header of 150', [header(plain(x(150), { emoji: true }))]],
  ['a section of 3,000', [section({ text: mrkdwn(x(3000), { verbatim: true }), block_id: x(255), expand: true })]],
  ['6 fields of 2,000', [section({ fields: many(6, () => mrkdwn(x(2000))) })]],
  ['10 fields', [section({ fields: many(10, () => plain('x')) })]],
  ['10 elements in a context', [context(...many(10, () => mrkdwn('x')))]],
  ['25 buttons', [actions(...many(25, (n) => button({ action_id: `a${n}` })))]],
  [
    'a button with everything',
    [
      actions(
        button({
          text: plain(x(75)),
          value: x(2000),
          action_id: x(255),
          url: `https://example.com/${x(2980)}`,
          style: 'danger',
          confirm: { title: plain('Sure?'), text: mrkdwn('Really'), confirm: plain('Yes'), deny: plain('No') },
        }),
      ),
    ],
  ],
  ['a select', [section({ text: mrkdwn('x'), accessory: select({ placeholder: plain('…'), options: [option()] }) })]],
  ['50 blocks', many(50, () => ({ type: 'divider' }))],
  ['13,000 characters', [...many(4, () => section({ text: mrkdwn(x(3000)) })), section({ text: mrkdwn(x(1000)) })]],
  ['an image', [{ type: 'image', image_url: 'https://example.com/a.png', alt_text: 'a', title: plain('A') }]],
  ['rich text', [richText({ type: 'text', text: 'x', style: { bold: true } }, { type: 'broadcast', range: 'here' })]],
  ['markdown', [{ type: 'markdown', text: '# x' }]],
  ['new lines, tabs, emoji and Korean', [section({ text: mrkdwn('a\n\tb 🚨 한국어') })]],
];

it.each(GOOD)('takes %s', async (_, blocks) => {
  await expect(send({ blocks })).resolves.toMatchObject({ ok: true });
});

const BAD: [what: string, blocks: unknown, hint: string][] = [
  ['a header of 151', [header(plain(x(151)))], 'must be less than 151 characters [json-pointer:/blocks/0/text/text]'],
  ['a header in mrkdwn', [header(mrkdwn('x'))], 'unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]'],
  ['a header that is a string', [header('x')], 'must provide an object [json-pointer:/blocks/0/text]'],
  ['a header without text', [{ type: 'header' }], 'missing required field: text [json-pointer:/blocks/0]'],
  ['an empty text', [header(plain(''))], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
  ['a text that is none', [header(plain(1 as never))], 'must provide a string [json-pointer:/blocks/0/text/text]'],
  ['emoji on mrkdwn', [section({ text: mrkdwn('x', { emoji: true }) })], 'invalid additional property: emoji'],
  ['verbatim on plain_text', [header(plain('x', { verbatim: true }))], 'invalid additional property: verbatim'],
  ['a section of 3,001', [section({ text: mrkdwn(x(3001)) })], 'must be less than 3001 characters'],
  ['a section with nothing', [section({})], 'must define one of: text, fields [json-pointer:/blocks/0]'],
  ['11 fields', [section({ fields: many(11, () => mrkdwn('x')) })], 'no more than 10 items allowed'],
  ['no fields', [section({ fields: [] })], 'no fewer than 1 items allowed [json-pointer:/blocks/0/fields]'],
  ['a field of 2,001', [section({ fields: [mrkdwn(x(2001))] })], 'characters [json-pointer:/blocks/0/fields/0/text]'],
  ['11 elements in a context', [context(...many(11, () => mrkdwn('x')))], 'no more than 10 items allowed'],
  ['a button in a context', [context(button())], 'unsupported type: button [json-pointer:/blocks/0/elements/0/type]'],
  ['26 buttons', [actions(...many(26, (n) => button({ action_id: `a${n}` })))], 'no more than 25 items allowed'],
  ['actions without any', [actions()], 'no fewer than 1 items allowed'],
  ['two equal action_ids', [actions(button(), button())], '`action_id` already exists for another component: ack'],
  ['a button text of 76', [actions(button({ text: plain(x(76)) }))], 'must be less than 76 characters'],
  ['a value of 2,001', [actions(button({ value: x(2001) }))], 'must be less than 2001 characters'],
  ['an action_id of 256', [actions(button({ action_id: x(256) }))], 'must be less than 256 characters'],
  ['a long url', [actions(button({ url: `https://e.com/${x(3000)}` }))], 'must be less than 3001 characters'],
  ['a javascript url', [actions(button({ url: 'javascript:alert(1)' }))], 'must be a valid URL'],
  ['a broken url', [actions(button({ url: 'https://' }))], 'must be a valid URL'],
  ['an unknown style', [actions(button({ style: 'loud' }))], 'must be one of: primary, danger'],
  ['an unknown element', [actions({ type: 'knob' })], 'unsupported type: knob'],
  ['an element that is none', [actions(null)], 'must provide an object [json-pointer:/blocks/0/elements/0]'],
  ['a select without options', [actions(select({}))], 'must define one of: options, option_groups'],
  ['an option value of 151', [actions(select({ options: [option({ value: x(151) })] }))], 'less than 151 characters'],
  ['a block_id of 256', [{ type: 'divider', block_id: x(256) }], 'must be less than 256 characters'],
  ['two equal block_ids', many(2, () => ({ type: 'divider', block_id: 'a' })), '`block_id` already exists: a'],
  ['51 blocks', many(51, () => ({ type: 'divider' })), 'no more than 50 items allowed [json-pointer:/blocks]'],
  ['an unknown block', [{ type: 'marquee' }], 'unsupported type: marquee [json-pointer:/blocks/0/type]'],
  ['a block without a type', [{}], 'must provide an object with a type [json-pointer:/blocks/0]'],
  ['an unknown property', [{ type: 'divider', colour: 'red' }], 'invalid additional property: colour'],
  ['a control character', [header(plain('a\u0000b'))], 'must not contain control characters'],
  ['an empty rich text', [richText({ type: 'text', text: '' })], 'must be more than 0 characters'],
  ['a rich link elsewhere', [richText({ type: 'link', url: 'file:///etc/passwd' })], 'must be a valid URL'],
];

it.each(BAD)('refuses %s and says where', async (_, blocks, hint) => {
  const body = await refusal(send({ blocks }));
  expect(body.error).toBe('invalid_blocks');
  expect(body.errors).toEqual([expect.stringContaining(hint)]);
  expect(body.response_metadata).toMatchObject({ messages: [expect.stringContaining(`[ERROR] `)] });
});

it('names everything that is wrong at once', async () => {
  const body = await refusal(send({ blocks: [header(plain('')), section({})] }));
  expect(body.errors).toHaveLength(2);
});

const payload = (length: number): Json => ({ event_type: 'a', event_payload: { x: x(length) } });

const OTHER: [what: string, args: Json, code: string][] = [
  ['blocks that are no JSON', { blocks: '[{' }, 'invalid_blocks_format'],
  ['blocks that are no list', { blocks: { type: 'divider' } }, 'invalid_blocks_format'],
  ['half of an emoji in a block', { blocks: [header(plain('a\ud83d'))] }, 'invalid_blocks_format'],
  [
    'more than 13,200 characters in all blocks',
    { blocks: many(5, () => section({ text: mrkdwn(x(2650)) })) },
    'msg_blocks_too_long',
  ],
  [
    'more than 13,200 characters with the attachments',
    {
      blocks: many(3, () => section({ text: mrkdwn(x(2700)) })),
      attachments: [{ blocks: many(2, () => section({ text: mrkdwn(x(2700)) })) }],
    },
    'msg_blocks_too_long',
  ],
  ['101 attachments', { attachments: many(101, () => ({ text: 'x' })) }, 'too_many_attachments'],
  ['attachments that are no list', { attachments: {} }, 'invalid_attachments'],
  ['a wrong colour', { attachments: [{ color: 'reddish', text: 'x' }] }, 'invalid_attachments'],
  ['an unknown field', { attachments: [{ colour: 'red' }] }, 'invalid_attachments'],
  ['wrong blocks in an attachment', { attachments: [{ blocks: [{ type: 'header' }] }] }, 'invalid_attachments'],
  ['a body beside blocks', { attachments: [{ text: 'x', blocks: [{ type: 'divider' }] }] }, 'invalid_attachments'],
  ['metadata of more than 8 kB', { metadata: payload(8000) }, 'metadata_too_large'],
  ['metadata without a type', { metadata: { event_payload: {} } }, 'invalid_metadata_format'],
  ['metadata with a wrong type', { metadata: { event_type: 'a b', event_payload: {} } }, 'invalid_metadata_format'],
  ['metadata without a payload', { metadata: { event_type: 'a' } }, 'invalid_metadata_format'],
  ['metadata that is no object', { metadata: '[1]' }, 'invalid_metadata_format'],
];

it.each(OTHER)('refuses %s', async (_, args, code) => {
  expect((await refusal(send(args))).error).toBe(code);
});

it.each([
  ['100 attachments', { attachments: many(100, () => ({ text: 'x', color: 'good' })) }],
  ['metadata just below 8 kB', { metadata: payload(7900) }],
])('takes %s', async (_, args) => {
  await expect(send(args)).resolves.toMatchObject({ ok: true });
});

it('holds chat.update to the same limits', async () => {
  await send({});
  const ts = simulator.workspace.messages(ALERTS).at(-1)?.ts;
  const update = clientOf(simulator).apiCall('chat.update', { channel: ALERTS, ts, blocks: [header(plain(x(151)))] });
  expect((await refusal(update)).error).toBe('invalid_blocks');
});
