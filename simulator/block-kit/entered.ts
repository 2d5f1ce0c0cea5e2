import { isJsonObject, type JsonObject } from '../json.js';
import type { Block } from '../workspace/message.js';
import type { EnteredValues } from '../workspace/view.js';
import { elementsOf } from './find-element.js';

/** What a person enters: a text, an option's value, several options' values, a date; null takes it away. */
export type Entry = string | readonly string[] | null;

/** Elements with a single value: the field of `state.values` that holds it, and the one that fills it at first. */
const SINGLE: Readonly<Record<string, readonly [field: string, initial: string]>> = {
  plain_text_input: ['value', 'initial_value'],
  number_input: ['value', 'initial_value'],
  datepicker: ['selected_date', 'initial_date'],
  timepicker: ['selected_time', 'initial_time'],
  datetimepicker: ['selected_date_time', 'initial_date_time'],
  users_select: ['selected_user', 'initial_user'],
  channels_select: ['selected_channel', 'initial_channel'],
  conversations_select: ['selected_conversation', 'initial_conversation'],
};
const ONE_OPTION = ['static_select', 'external_select', 'radio_buttons', 'overflow'];
const SOME_OPTIONS = ['multi_static_select', 'checkboxes'];

/** `state.values` of a surface: what was entered, else what was there at first. Buttons have no state. */
export function stateValues(blocks: readonly Block[], entered: EnteredValues = {}): EnteredValues {
  const values: EnteredValues = {};
  for (const block of blocks) {
    const id = block.block_id ?? '';
    for (const element of elementsOf(block)) {
      const action = String(element.action_id);
      const state = entered[id]?.[action] ?? initialState(element);
      if (state) values[id] = { ...values[id], [action]: state };
    }
  }
  return values;
}

/** Throws when a person could not enter it there. */
export function stateOf(element: JsonObject, entry: Entry): JsonObject {
  const type = String(element.type);
  const single = SINGLE[type];
  if (single) {
    if (Array.isArray(entry)) throw new Error(`${type} takes one value`);
    return { type, [single[0]]: entry === '' ? null : entry };
  }
  const options = (values: readonly string[]): JsonObject[] => values.map((value) => optionOf(element, value));
  const given = entry === null ? [] : typeof entry === 'string' ? [entry] : entry;
  if (ONE_OPTION.includes(type)) return { type, selected_option: options(given)[0] ?? null };
  if (SOME_OPTIONS.includes(type)) return { type, selected_options: options(given) };
  throw new Error(`nothing can be entered into a ${type}`);
}

export function isEmptyState(state: JsonObject | undefined): boolean {
  const { type: _, ...rest } = state ?? {};
  return Object.values(rest).every((value) => value === null || (Array.isArray(value) && value.length === 0));
}

export function optionsOf({ options, option_groups: groups }: JsonObject): JsonObject[] {
  return [options, ...objects(groups).map((group) => group.options)].flatMap(objects);
}

/** As Slack gives it back: text and value, and the description where there is one. */
function optionOf(element: JsonObject, value: string): JsonObject {
  const options = optionsOf(element);
  const found = options.find((option) => option.value === value);
  if (found) return found;
  throw new Error(`there is no option ${value}; there are ${options.map((option) => String(option.value)).join(', ')}`);
}

function initialState(element: JsonObject): JsonObject | undefined {
  const type = String(element.type);
  const single = SINGLE[type];
  if (single) return { type, [single[0]]: element[single[1]] ?? null };
  if (ONE_OPTION.includes(type) && type !== 'overflow') {
    return { type, selected_option: element.initial_option ?? null };
  }
  return SOME_OPTIONS.includes(type) ? { type, selected_options: element.initial_options ?? [] } : undefined;
}

function objects(value: unknown): JsonObject[] {
  const items: unknown[] = Array.isArray(value) ? value : [];
  return items.filter(isJsonObject);
}
