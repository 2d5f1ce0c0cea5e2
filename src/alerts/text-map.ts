import { fitAnnotations, fitLabels, MAX_LABELS, type KeptLabels, type Text } from './fit-texts.js';
import { ownValue } from '../domain/own-value.js';
import { describe, fieldOf, Refusal } from './refusal.js';
import { MAX_ENTRIES, MAX_NAME, MAX_VALUE } from './text-limits.js';

type Texts = Readonly<Record<string, string>>;
type Given = Readonly<Record<string, unknown>>;

/** Text of a label's value, undefined where null stands for none. */
const textOf = (value: unknown, field: () => string): string | undefined => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return undefined;
  throw new Refusal(field(), `expected a string, got ${describe(value)}`);
};

/** All of them as texts, however many and long: a wrong value is refused wherever it is. */
const textsOf = (map: Given, name: string): readonly Text[] => {
  const texts: Text[] = [];
  for (const [key, value] of Object.entries(map)) {
    const text = textOf(value, () => fieldOf(name, key));
    if (text !== undefined && key !== '__proto__') texts.push([key, text]);
  }
  return texts;
};

/** Texts that are within every bound as they are. */
const isPlain = (map: Given, longest: number): map is Texts => {
  let entries = 0;
  let size = 0;
  for (const key in map) {
    const value = ownValue(map, key);
    if (typeof value !== 'string' || value.length > longest) return false;
    if (++entries > MAX_ENTRIES || key.length > MAX_NAME || key === '__proto__') return false;
    size += key.length + value.length;
  }
  return size <= MAX_LABELS;
};

const given = (map: unknown, name: string): Given => {
  if (typeof map === 'object' && map !== null && !Array.isArray(map)) return map as Given;
  throw new Refusal(name, `expected an object of strings, got ${describe(map)}`);
};

export interface ReadLabels {
  readonly labels: Texts;
  /** With longer values where they had to be cut short: for the fingerprint, which tells alerts apart. */
  readonly whole: Texts;
}

/**
 * Labels as texts: the object itself where nothing has to change, which is nearly always. Numbers and booleans become
 * text, null counts as missing; what goes beyond the bounds of fit-texts.ts is cut or left out. @throws {Refusal}
 */
export const readLabels = (map: unknown, kept: KeptLabels): ReadLabels => {
  const labels = given(map, 'labels');
  return isPlain(labels, kept.most) ? { labels, whole: labels } : fitLabels(textsOf(labels, 'labels'), kept);
};

/** The same for annotations, which share the alert's bound with its labels. @throws {Refusal} */
export const readAnnotations = (map: unknown, labels: Texts): Texts => {
  const annotations = given(map, 'annotations');
  return isPlain(annotations, MAX_VALUE) ? annotations : fitAnnotations(textsOf(annotations, 'annotations'), labels);
};
