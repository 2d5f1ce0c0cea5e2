import type { InputBlock, KnownBlock, ModalView, PlainTextInput } from '@slack/types';
import { plainNote, plainText } from './blocks.js';
import { viewMetadata } from './button-value.js';
import { LIMITS } from './limits.js';
import { plainLine } from './mrkdwn.js';

const TITLE = 150;

interface Field {
  readonly ids: { readonly block: string; readonly element: string };
  readonly label: string;
  readonly placeholder?: string;
  readonly hint?: string;
  /** What stands in it at first; empty: nothing. */
  readonly initial?: string;
  readonly multiline?: boolean;
  readonly optional?: boolean;
  /** Characters that a person may type. */
  readonly most: number;
}

export const field = ({
  ids,
  label,
  placeholder,
  hint,
  initial = '',
  multiline,
  optional,
  most,
}: Field): InputBlock => {
  const element: PlainTextInput = {
    type: 'plain_text_input',
    action_id: ids.element,
    max_length: most,
    ...(multiline === true ? { multiline } : {}),
    ...(initial === '' ? {} : { initial_value: initial }),
    ...(placeholder === undefined ? {} : { placeholder: plainText(placeholder) }),
  };
  return {
    type: 'input',
    block_id: ids.block,
    label: plainText(label),
    optional: optional === true,
    element,
    ...(hint === undefined ? {} : { hint: plainText(hint) }),
  };
};

/** Which incident a form is about, small and grey. */
export const aboutIncident = (title: string): KnownBlock => plainNote(plainLine(title, TITLE) || 'Alert');

interface Form {
  readonly callbackId: string;
  /** A valid one, such as a button carried. */
  readonly incidentId: string;
  readonly title: string;
  readonly submit: string;
  readonly blocks: KnownBlock[];
}

/** A form about an incident. */
export const form = ({ callbackId, incidentId, title, submit, blocks }: Form): ModalView => ({
  type: 'modal',
  callback_id: callbackId,
  private_metadata: viewMetadata(incidentId),
  title: modalTitle(title),
  submit: plainText(submit),
  close: plainText('Cancel'),
  blocks,
});

export const modalTitle = (title: string): ModalView['title'] =>
  plainText(plainLine(title, LIMITS.modalTitle) || 'Alert Threader');
