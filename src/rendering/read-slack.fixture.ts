import type { View } from '@slack/types';
import type { SlackMessage } from './message.js';

/** What this folder's specs read out of a message or a view. It shares nothing with the renderer. */

export interface TextObject {
  readonly type: string;
  readonly text: string;
  readonly verbatim?: boolean;
}

export interface Interactive {
  readonly type: 'button' | 'static_select' | 'plain_text_input';
  readonly action_id?: string;
  readonly text?: TextObject;
  readonly value?: string;
  readonly style?: string;
  readonly accessibility_label?: string;
  readonly placeholder?: TextObject;
  readonly options?: readonly { readonly text: TextObject; readonly value: string }[];
  readonly initial_value?: string;
  readonly max_length?: number;
}

export type ReadElement = TextObject | Interactive;

export const isText = (element: ReadElement): element is TextObject => typeof element.text === 'string';

export interface ReadBlock {
  readonly type: string;
  readonly block_id?: string;
  readonly text?: TextObject;
  readonly fields?: readonly TextObject[];
  readonly elements?: readonly ReadElement[];
  readonly accessory?: Interactive;
  readonly label?: TextObject;
  readonly hint?: TextObject;
  readonly element?: Interactive;
  readonly optional?: boolean;
}

export interface ReadMessage {
  readonly text: string;
  readonly blocks?: readonly ReadBlock[];
  readonly attachments?: readonly { color?: string; fallback?: string; blocks: readonly ReadBlock[] }[];
}

export interface ReadView {
  readonly type: string;
  readonly title?: TextObject;
  readonly submit?: TextObject;
  readonly close?: TextObject;
  readonly callback_id?: string;
  readonly private_metadata?: string;
  readonly blocks: readonly ReadBlock[];
}

/** What arrives at Slack. */
export const asSent = (sent: SlackMessage | View): unknown => JSON.parse(JSON.stringify(sent));

const COLUMN = 28;

const shown = ({ type, text }: TextObject): string =>
  type === 'plain_text'
    ? text
    : text
        .replace(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1')
        .replace(/<http[^|>]*\|([^>]*)>/g, '$1')
        .replace(/\*(\S(?:[^*\n]*\S)?)\*/g, '$1')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&');

/** `[Ack]`, `[Silence: 30 minutes / 2 hours]`, `(2h)` for an input. */
const shownElement = (element: ReadElement): string => {
  if (isText(element)) return shown(element);
  const { text, placeholder, options = [], initial_value: initial } = element;
  if (element.type === 'button') return `[${text?.text ?? ''}]`;
  if (element.type === 'plain_text_input') return `(${initial ?? ''})`;
  return `[${placeholder?.text ?? ''}: ${options.map((option) => option.text.text).join(' / ')}]`;
};

const shownBlock = ({ type, text, label, fields = [], elements = [], accessory, element }: ReadBlock): string => {
  const rows: string[] = [];
  for (let i = 0; i < fields.length; i += 2) {
    rows.push(
      fields
        .slice(i, i + 2)
        .map(shown)
        .map((cell, at, { length }) => (at === length - 1 ? cell : cell.padEnd(COLUMN)))
        .join(''),
    );
  }
  const words = elements.map(shownElement);
  return [
    ...[label, text].flatMap((object) => (object === undefined ? [] : [shown(object)])),
    ...rows,
    ...(type === 'actions' ? [words.join(' ')] : words),
    ...[accessory, element].flatMap((one) => (one === undefined ? [] : [shownElement(one)])),
  ].join('\n');
};

/** A message or a view as people read it: blocks with a blank line between them, two fields in a row. */
export const asRead = (message: SlackMessage | View): string => {
  const { blocks = [], attachments = [] } = asSent(message) as ReadMessage;
  return [...blocks, ...attachments.flatMap((attachment) => attachment.blocks)].map(shownBlock).join('\n\n');
};
