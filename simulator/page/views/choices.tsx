import type { ReactNode } from 'react';
import { isJsonObject, type JsonObject } from '../../json.js';
import type { ElementProps } from './element-props.js';
import { textLine } from './text-line.js';
import { chosenValues, stateIn } from './view-facts.js';

interface Choice {
  value: string;
  label: string;
}

export interface SelectProps extends ElementProps {
  /** In an input block: of the label's `for`. What is chosen waits there until the view is submitted. */
  id?: string;
  describedBy?: string;
}

/** A select or an overflow menu, as the browser's own. */
export function Select({ element, names, blockId, view, id, describedBy }: SelectProps): ReactNode {
  const isMultiple = element.type === 'multi_static_select';
  const isMenu = element.type === 'overflow';
  const actionId = String(element.action_id);
  const chosen = chosenValues(stateIn(view, blockId, element));
  const initial = view ? chosen : chosenValues({ selected_option: element.initial_option });
  const said = textLine(element.placeholder, names);
  const placeholder = isMenu ? '⋯' : said === '' ? 'Choose…' : said;
  return (
    <span className={`select-box ${isMultiple ? 'is-multiple' : ''}`.trim()} data-key={actionId}>
      <select
        className={id === undefined ? 'action' : 'control'}
        id={id}
        multiple={isMultiple}
        data-testid="select"
        data-action-id={actionId}
        data-block-id={blockId}
        data-field={id === undefined ? undefined : isMultiple ? 'options' : 'text'}
        aria-describedby={describedBy}
        aria-label={id === undefined ? (isMenu ? 'More actions' : placeholder) : undefined}
        defaultValue={isMultiple ? initial : (initial[0] ?? '')}
      >
        {!isMultiple && (
          <option value="" hidden={id === undefined}>
            {placeholder}
          </option>
        )}
        <Options element={element} names={names} />
      </select>
      {!isMultiple && (
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="m4 6 4 4 4-4" />
        </svg>
      )}
    </span>
  );
}

function Options({ element, names }: Pick<ElementProps, 'element' | 'names'>): ReactNode {
  const list = (choices: readonly Choice[]): ReactNode =>
    choices.map(({ value, label }) => (
      <option key={value} value={value}>
        {label}
      </option>
    ));
  if (element.type === 'users_select') return list(names.users.map(({ id, name }) => ({ value: id, label: name })));
  return (
    <>
      {list(choicesOf(element.options, names))}
      {objects(element.option_groups).map((group, index) => (
        <optgroup key={index} label={textLine(group.label, names)}>
          {list(choicesOf(group.options, names))}
        </optgroup>
      ))}
    </>
  );
}

/** Radio buttons or checkboxes. */
export function Choices({ element, names, blockId, view, id }: SelectProps): ReactNode {
  const actionId = String(element.action_id);
  const chosen = chosenValues(stateIn(view, blockId, element));
  const isSingle = element.type === 'radio_buttons';
  return (
    <div
      className="choices"
      data-key={actionId}
      data-action-id={actionId}
      data-block-id={blockId}
      data-field={id === undefined ? undefined : 'options'}
      data-single={isSingle ? '' : undefined}
    >
      {choicesOf(element.options, names).map(({ value, label }, index) => (
        <label key={index} data-key={value}>
          <input
            type={isSingle ? 'radio' : 'checkbox'}
            name={`${view?.prefix ?? 'm'} ${blockId ?? ''} ${actionId}`}
            value={value}
            defaultChecked={chosen.includes(value)}
          />
          <span>{label}</span>
        </label>
      ))}
    </div>
  );
}

function choicesOf(options: unknown, names: ElementProps['names']): Choice[] {
  return objects(options).map((option) => ({ value: String(option.value), label: textLine(option.text, names) }));
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
