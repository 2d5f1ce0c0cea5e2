import type { ReactNode } from 'react';
import { isJsonObject, type JsonObject } from '../../json.js';
import type { Block } from '../../workspace/message.js';
import { Choices, Select } from './choices.js';
import type { Names } from './names.js';
import { textLine } from './text-line.js';
import { stateIn, type ViewFacts } from './view-facts.js';

/** Slack's own limit of a text where the app sets none. */
const MOST = 3000;

interface InputBlockProps {
  block: Block;
  names: Names;
  view: ViewFacts;
  index: number;
}

/** A label, what is filled in, what is wrong with it, and a hint. */
export function InputBlock({ block, names, view, index }: InputBlockProps): ReactNode {
  const element = isJsonObject(block.element) ? block.element : {};
  const id = `${view.prefix}-${index}`;
  const error = view.errors[block.block_id ?? ''];
  const hint = textLine(block.hint, names);
  const isGroup = element.type === 'radio_buttons' || element.type === 'checkboxes';
  const label = (
    <>
      {textLine(block.label, names)}
      {block.optional === true && <span className="optional"> (optional)</span>}
    </>
  );
  return (
    <div
      className={`field ${error === undefined ? '' : 'has-error'}`.trim()}
      data-testid="field"
      data-required={block.optional === true ? undefined : ''}
      role={isGroup ? 'group' : undefined}
      aria-labelledby={isGroup ? `${id}-label` : undefined}
    >
      {isGroup ? (
        <span className="label" id={`${id}-label`}>
          {label}
        </span>
      ) : (
        <label className="label" htmlFor={id}>
          {label}
        </label>
      )}
      <Control element={element} names={names} blockId={block.block_id} view={view} id={id} isInvalid={!!error} />
      <p className="field-error" id={`${id}-error`} data-testid="field-error" hidden={error === undefined}>
        {error}
      </p>
      <div className="field-notes">
        <p className="hint" id={`${id}-hint`} hidden={hint === ''}>
          {hint}
        </p>
        <span className="count-left" aria-hidden="true" />
      </div>
    </div>
  );
}

interface ControlProps {
  element: JsonObject;
  names: Names;
  blockId: string | undefined;
  view: ViewFacts;
  id: string;
  isInvalid: boolean;
}

function Control(props: ControlProps): ReactNode {
  const { element, names, blockId, view, id, isInvalid } = props;
  const state = stateIn(view, blockId, element);
  const describedBy = `${id}-error ${id}-hint`;
  const facts = {
    id,
    className: 'control',
    'data-testid': 'input',
    'data-field': 'text',
    'data-key': String(element.action_id),
    'data-action-id': String(element.action_id),
    'data-block-id': blockId,
    'data-min-length': typeof element.min_length === 'number' ? element.min_length : undefined,
    'aria-describedby': describedBy,
    'aria-invalid': isInvalid,
    placeholder: textLine(element.placeholder, names),
    autoComplete: 'off',
  };
  const maxLength = typeof element.max_length === 'number' ? element.max_length : MOST;
  const value = (field: string): string => (typeof state[field] === 'string' ? state[field] : '');
  switch (element.type) {
    case 'plain_text_input':
      return element.multiline === true ? (
        <textarea {...facts} rows={3} maxLength={maxLength} defaultValue={value('value')} />
      ) : (
        <input {...facts} type="text" maxLength={maxLength} defaultValue={value('value')} />
      );
    case 'number_input':
      return <input {...facts} type="text" inputMode="decimal" maxLength={100} defaultValue={value('value')} />;
    case 'datepicker':
      return <input {...facts} type="date" defaultValue={value('selected_date')} />;
    case 'timepicker':
      return <input {...facts} type="time" defaultValue={value('selected_time')} />;
    case 'radio_buttons':
    case 'checkboxes':
      return <Choices {...props} />;
    case 'static_select':
    case 'multi_static_select':
    case 'users_select':
      return <Select {...props} describedBy={describedBy} />;
    default:
      return <p className="hint">This simulator cannot fill a {String(element.type)}.</p>;
  }
}
