import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject } from '../json.js';
import { ELEMENTS } from './elements.js';
import { optionsOf } from './entered.js';
import { TEXT_IN_CONTEXT } from './blocks.js';
import { ANY_TEXT, type Rule, type Shape, type TextType } from './rule.js';

/** Collects what is wrong, in Slack's words, each with a JSON pointer to where. */
export class Complaints {
  readonly found: string[] = [];

  add(what: string, pointer: string): void {
    this.found.push(`${what} [json-pointer:${pointer}]`);
  }
}

/** Slack drops or refuses C0 controls by its own rules; here they are refused, so that a sender has to remove them. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

export function checkShape(value: JsonObject, shape: Shape, pointer: string, complaints: Complaints): void {
  for (const [name, rule] of Object.entries(shape.fields)) {
    if (value[name] !== undefined) checkRule(value[name], rule, `${pointer}/${name}`, complaints);
    else if (rule.required) complaints.add(`missing required field: ${name}`, pointer);
  }
  for (const name of Object.keys(value)) {
    if (name !== 'type' && !Object.hasOwn(shape.fields, name)) {
      complaints.add(`invalid additional property: ${name}`, pointer);
    }
  }
  if (shape.oneOf && !shape.oneOf.some((name) => value[name] !== undefined)) {
    complaints.add(`must define one of: ${shape.oneOf.join(', ')}`, pointer);
  }
  checkInitialOption(value, pointer, complaints);
  if (shape.uniqueActions) checkUniqueActions(value.elements, pointer, complaints);
}

function checkRule(value: unknown, rule: Rule, pointer: string, complaints: Complaints): void {
  switch (rule.kind) {
    case 'text':
      checkText(value, rule.types, rule.max, pointer, complaints);
      return;
    case 'string':
      checkString(value, rule, pointer, complaints);
      return;
    case 'boolean':
      if (typeof value !== 'boolean') complaints.add('must be a boolean', pointer);
      return;
    case 'integer':
      if (!Number.isInteger(value)) complaints.add('must be an integer', pointer);
      return;
    case 'list':
      checkList(value, rule, pointer, complaints);
      return;
    case 'element':
      checkElement(value, rule.of, pointer, complaints);
      return;
    case 'object':
      if (isJsonObject(value)) checkShape(value, rule.shape, pointer, complaints);
      else complaints.add('must provide an object', pointer);
      return;
    case 'anything':
  }
}

function checkElement(value: unknown, types: readonly string[], pointer: string, complaints: Complaints): void {
  if (!isJsonObject(value)) {
    complaints.add('must provide an object', pointer);
    return;
  }
  const type = value.type;
  if (typeof type !== 'string' || !types.includes(type)) {
    complaints.add(`unsupported type: ${String(type)}`, `${pointer}/type`);
    return;
  }
  if (type === 'plain_text' || type === 'mrkdwn') checkText(value, ANY_TEXT, TEXT_IN_CONTEXT, pointer, complaints);
  else if (ELEMENTS[type]) checkShape(value, ELEMENTS[type], pointer, complaints);
}

function checkText(
  value: unknown,
  types: readonly TextType[],
  max: number,
  pointer: string,
  complaints: Complaints,
): void {
  if (!isJsonObject(value)) {
    complaints.add('must provide an object', pointer);
    return;
  }
  const type = types.find((known) => known === value.type);
  if (!type) {
    complaints.add(`unsupported type: ${String(value.type)}`, `${pointer}/type`);
    return;
  }
  // `emoji` belongs to plain_text alone, `verbatim` to mrkdwn alone.
  const flag = type === 'plain_text' ? 'emoji' : 'verbatim';
  checkShape(
    value,
    { fields: { text: { kind: 'string', min: 1, max, required: true }, [flag]: { kind: 'boolean' } } },
    pointer,
    complaints,
  );
}

function checkString(
  value: unknown,
  rule: Extract<Rule, { kind: 'string' }>,
  pointer: string,
  complaints: Complaints,
): void {
  if (typeof value !== 'string') {
    complaints.add('must provide a string', pointer);
    return;
  }
  const { min = 0, max = Infinity } = rule;
  if (value.length < min) complaints.add(`must be more than ${min - 1} characters`, pointer);
  if (value.length > max) complaints.add(`must be less than ${max + 1} characters`, pointer);
  if (rule.oneOf && !rule.oneOf.includes(value)) complaints.add(`must be one of: ${rule.oneOf.join(', ')}`, pointer);
  if (rule.url && !isHttpUrl(value)) complaints.add('must be a valid URL', pointer);
  if (CONTROL.test(value)) complaints.add('must not contain control characters', pointer);
}

function checkList(
  value: unknown,
  rule: Extract<Rule, { kind: 'list' }>,
  pointer: string,
  complaints: Complaints,
): void {
  if (!Array.isArray(value)) {
    complaints.add('must be an array', pointer);
    return;
  }
  const { min = 0, max } = rule;
  if (value.length < min) complaints.add(`no fewer than ${min} items allowed`, pointer);
  if (value.length > max) complaints.add(`no more than ${max} items allowed`, pointer);
  for (const [index, item] of value.entries()) checkRule(item, rule.of, `${pointer}/${index}`, complaints);
}

function checkUniqueActions(elements: unknown, pointer: string, complaints: Complaints): void {
  if (!Array.isArray(elements)) return;
  const seen = new Set<unknown>();
  for (const [index, item] of elements.entries()) {
    const id: unknown = isJsonObject(item) ? item.action_id : undefined;
    if (typeof id !== 'string') continue;
    const where = `${pointer}/elements/${index}/action_id`;
    if (seen.has(id)) complaints.add(`\`action_id\` already exists for another component: ${id}`, where);
    seen.add(id);
  }
}

/** Slack compares the whole option, so a changed text is refused as well as a value that is not there. */
function checkInitialOption(element: JsonObject, pointer: string, complaints: Complaints): void {
  const { initial_option: initial } = element;
  if (initial === undefined || element.type === 'external_select') return;
  if (!optionsOf(element).some((option) => isDeepStrictEqual(option, initial))) {
    complaints.add('must be one of the provided options', `${pointer}/initial_option`);
  }
}

function isHttpUrl(value: string): boolean {
  if (/\s/.test(value)) return false;
  const parsed = URL.parse(value);
  return parsed?.protocol === 'http:' || parsed?.protocol === 'https:';
}
