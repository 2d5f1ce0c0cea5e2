import { ownValue } from '../domain/own-value.js';
import { describe, fieldOf, Refusal } from './refusal.js';

/** Longest label or annotation that is kept: Slack shows 3,000 characters of a text. */
export const MAX_VALUE = 8_000;
/** Labels, or annotations, kept of one alert; Prometheus' own samples rarely have 30. */
const MAX_ENTRIES = 100;
const MAX_NAME = 1_000;

const cut = (text: string): string => {
  if (text.length <= MAX_VALUE) return text;
  const last = text.charCodeAt(MAX_VALUE - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? MAX_VALUE - 1 : MAX_VALUE); // no half of a pair
};

/** Text of a label's value, undefined where null stands for none. */
const textOf = (value: unknown, field: () => string): string | undefined => {
  if (typeof value === 'string') return cut(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return undefined;
  throw new Refusal(field(), `expected a string, got ${describe(value)}`);
};

const copyOf = (map: Readonly<Record<string, unknown>>, name: string): Record<string, string> => {
  const copy: [string, string][] = [];
  for (const [key, value] of Object.entries(map)) {
    const text = textOf(value, () => fieldOf(name, key));
    if (text === undefined || key === '__proto__' || key.length > MAX_NAME) continue;
    if (copy.length === MAX_ENTRIES) continue; // still looked at: a wrong value is refused wherever it stands
    copy.push([key, text]);
  }
  return Object.fromEntries(copy);
};

const isPlain = (map: Readonly<Record<string, unknown>>): map is Record<string, string> => {
  let entries = 0;
  for (const key in map) {
    const value = ownValue(map, key);
    if (typeof value !== 'string' || value.length > MAX_VALUE) return false;
    if (++entries > MAX_ENTRIES || key.length > MAX_NAME || key === '__proto__') return false;
  }
  return true;
};

/**
 * Labels or annotations as texts: the object itself where nothing has to change, which is nearly always.
 * Numbers and booleans become text, null counts as missing; what goes beyond the bounds above is left out.
 * @throws {Refusal}
 */
export const readTextMap = (map: unknown, name: string): Readonly<Record<string, string>> => {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) {
    throw new Refusal(name, `expected an object of strings, got ${describe(map)}`);
  }
  const entries = map as Readonly<Record<string, unknown>>;
  return isPlain(entries) ? entries : copyOf(entries, name);
};
