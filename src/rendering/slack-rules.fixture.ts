import type { View } from '@slack/types';
import type { SlackMessage } from './message.js';
import {
  asSent,
  isText,
  type Interactive,
  type ReadBlock,
  type ReadMessage,
  type ReadView,
  type TextObject,
} from './read-slack.fixture.js';

/** Slack's rules, and ours on what may ping or mislead. It shares nothing with the renderer. */

const ALLOWED_EVERYWHERE =
  /^(?:https?:\/\/[^\s|<>"'`]+\|[\w ]+|!date\^\d+\^(?:(until) )?\{date_short_pretty\} at \{time\}\|\1 ?[-\d: ]+ UTC)$/;
const PERSON = /^@[UW][A-Z0-9]{2,}$/;
/** A title may lead to its thread, and nowhere else. */
const IN_VIEW =
  /^(?:@[UW][A-Z0-9]{2,}|#[CG][A-Z0-9]{7,}|https:\/\/[^\s|<>"'`]+\/archives\/[CG][A-Z0-9]{7,}\/p\d+\|[^|<>]+)$/;
const NOBODY = /^$/;
const FORBIDDEN = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]|\p{Cs}/u;

const markupFaults = (text: string, mentions: RegExp): string[] => {
  const faults: string[] = [];
  const outside = text.replace(/<([^<>]*)>/g, (markup, inner: string) => {
    if (!ALLOWED_EVERYWHERE.test(inner) && !mentions.test(inner)) faults.push(`markup ${markup}`);
    return '';
  });
  if (/[<>]/.test(outside)) faults.push('a bare < or >');
  if (/&(?!amp;|lt;|gt;)/.test(text)) faults.push('a bare & or half an entity');
  return faults;
};

const textFaults = (object: TextObject, most: number, mentions: RegExp): string[] => {
  const faults: string[] = [];
  const { type, text } = object;
  if (text.length > most) faults.push(`${text.length} characters of ${most}`);
  if (text.trim() === '') faults.push('an empty text');
  if (FORBIDDEN.test(text)) faults.push('a character that must not be there');
  if (type === 'mrkdwn') {
    if (object.verbatim !== true) faults.push('not verbatim');
    faults.push(...markupFaults(text, mentions));
  } else if (/<[!@#]|@(?:channel|here|everyone)/i.test(text)) faults.push('a mention in plain text');
  return faults;
};

const plainFaults = (object: TextObject | undefined, most: number): string[] => {
  if (object === undefined) return ['a text is missing'];
  return [...(object.type === 'plain_text' ? [] : ['not plain']), ...textFaults(object, most, NOBODY)];
};

const idFaults = (id: string | undefined): string[] =>
  id !== undefined && id.length > 0 && id.length <= 255 ? [] : [`id ${id ?? 'missing'}`];

const interactiveFaults = (element: Interactive): string[] => {
  const { type, text, value = '', accessibility_label: label, placeholder, options = [] } = element;
  const faults = idFaults(element.action_id);
  switch (type) {
    case 'button':
      faults.push(...plainFaults(text, 75));
      if (value.length > 2000) faults.push('value');
      if (label !== undefined && (label === '' || label.length > 75)) faults.push('accessibility label');
      break;
    case 'static_select':
      faults.push(...plainFaults(placeholder, 150));
      if (options.length < 1 || options.length > 100) faults.push('number of options');
      if (new Set(options.map((option) => option.value)).size < options.length) faults.push('options of one value');
      for (const option of options) {
        faults.push(...plainFaults(option.text, 75));
        if (option.value === '' || option.value.length > 150) faults.push(`option of ${option.value.length}`);
      }
      break;
    case 'plain_text_input': {
      const { initial_value: initial, max_length: most = 3000 } = element;
      if (placeholder !== undefined) faults.push(...plainFaults(placeholder, 150));
      if (most < 1 || most > 3000) faults.push(`max_length ${most}`);
      if (initial !== undefined && (initial === '' || initial.length > most || FORBIDDEN.test(initial))) {
        faults.push('initial value');
      }
      break;
    }
    default:
      faults.push('unknown element');
  }
  return faults.map((fault) => `${type}: ${fault}`);
};

const TYPES: readonly string[] = ['header', 'section', 'context', 'actions', 'input'];

const blockFaults = (block: ReadBlock, mentions: RegExp): string[] => {
  const { type, text, fields = [], elements = [], accessory, element } = block;
  const faults: string[] = [];
  if (!TYPES.includes(type)) faults.push('unknown type');
  if (block.block_id !== undefined) faults.push(...idFaults(block.block_id));
  if (type === 'context' && (elements.length < 1 || elements.length > 10)) faults.push('number of elements');
  if (type === 'actions' && (elements.length < 1 || elements.length > 25)) faults.push('number of elements');
  if (type === 'section' && text === undefined && fields.length < 1) faults.push('neither text nor fields');
  if (fields.length > 10) faults.push('number of fields');
  if (text) {
    if (type === 'header' && text.type !== 'plain_text') faults.push('header is not plain');
    faults.push(...textFaults(text, type === 'header' ? 150 : 3000, mentions));
  }
  if (type === 'input') {
    faults.push(...plainFaults(block.label, 2000));
    if (block.hint !== undefined) faults.push(...plainFaults(block.hint, 2000));
    if (element?.type !== 'plain_text_input') faults.push('no input');
  }
  for (const field of fields) faults.push(...textFaults(field, 2000, mentions));
  for (const one of elements) {
    if (isText(one) !== (type === 'context')) faults.push('an element of another block');
    faults.push(...(isText(one) ? textFaults(one, 2000, mentions) : interactiveFaults(one)));
  }
  for (const one of [accessory, element]) if (one) faults.push(...interactiveFaults(one));
  return faults.map((fault) => `${type}: ${fault}`);
};

const repeatedIds = (blocks: readonly ReadBlock[]): string[] => {
  const ids = blocks.flatMap(({ block_id: id }) => (id === undefined ? [] : [id]));
  const actions = blocks.flatMap(({ elements = [], accessory, element }) =>
    [...elements, accessory, element].flatMap((one) =>
      one === undefined || isText(one) || one.action_id === undefined ? [] : [one.action_id],
    ),
  );
  return [ids, actions].flatMap((names) =>
    new Set(names).size < names.length ? [`repeated ids ${names.join()}`] : [],
  );
};

/** Everything that Slack would refuse, and everything that could ping or mislead. */
export const faultsOf = (message: SlackMessage, plain = false): string[] => {
  const { text, blocks = [], attachments = [] } = asSent(message) as ReadMessage;
  const all = [...blocks, ...attachments.flatMap((attachment) => attachment.blocks)];
  const faults = [
    ...markupFaults(text, NOBODY).map((fault) => `text: ${fault}`),
    ...blocks.flatMap((block) => blockFaults(block, NOBODY)),
    ...attachments.flatMap((attachment) => attachment.blocks.flatMap((block) => blockFaults(block, PERSON))),
    ...repeatedIds(all),
  ];
  if (text.trim() === '' || text.length > (plain ? 1000 : 3900)) faults.push(`text of ${text.length}`);
  if (/<|@(?:channel|here|everyone)/i.test(text) || FORBIDDEN.test(text)) faults.push('text: mention or markup');
  for (const { fallback = '', color = '#000000' } of attachments) {
    if (fallback === '' || /[<>]|@(?:channel|here|everyone)/i.test(fallback)) faults.push(`fallback ${fallback}`);
    if (!/^#[0-9A-F]{6}$/.test(color)) faults.push(`color ${color}`);
  }
  if (plain && ('blocks' in message || 'attachments' in message)) faults.push('plain text has blocks');
  if (!plain && blocks.length === 0) faults.push('Slack would show the fallback text');
  if (all.length > 50) faults.push(`${all.length} blocks`);
  const size = all.map((block) => JSON.stringify(block).length).reduce((sum, length) => sum + length, 0);
  if (size > 12_000) faults.push(`blocks of ${size} characters`);
  return faults;
};

/** The same for a modal or the App Home, which one person reads: a mention there notifies nobody. */
export const viewFaults = (view: View): string[] => {
  const { type, title, submit, close, blocks, ...ids } = asSent(view) as ReadView;
  const faults = [...blocks.flatMap((block) => blockFaults(block, IN_VIEW)), ...repeatedIds(blocks)];
  if (blocks.length < 1 || blocks.length > 100) faults.push(`${blocks.length} blocks`);
  if ((ids.private_metadata ?? '').length > 3000) faults.push('private_metadata');
  if (ids.callback_id !== undefined) faults.push(...idFaults(ids.callback_id));
  if (type !== 'modal') return type === 'home' ? faults : [...faults, `type ${type}`];
  faults.push(...plainFaults(title, 24));
  for (const text of [submit, close]) if (text !== undefined) faults.push(...plainFaults(text, 24));
  if (submit === undefined && blocks.some((block) => block.type === 'input')) faults.push('no submit');
  return faults;
};

/** The same for a text to one person. */
export const whisperFaults = (text: string): string[] => [
  ...textFaults({ type: 'mrkdwn', text, verbatim: true }, 3000, PERSON),
  ...(/@(?:channel|here|everyone)/i.test(text) ? ['a mention'] : []),
];
