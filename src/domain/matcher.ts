import { excerpt } from './excerpt.js';
import { ownValue } from './own-value.js';

/** A condition on one label. A label that an alert does not have counts as empty. */
export interface Matcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  /** False: must not match. */
  readonly isEqual: boolean;
}

/** What {@link parseMatchers} read: matchers, or faults for people where there is any. */
export interface ParsedMatchers {
  /** Empty where there is a fault. */
  readonly matchers: readonly Matcher[];
  /** One sentence each. */
  readonly faults: readonly string[];
}

interface Labelled {
  readonly labels: Readonly<Record<string, string>>;
}

const MAX_SHOWN = 60;
/** Of a silence that a person asks for: they are stored with the incident, sent to the server and shown in a form. */
const MAX_MATCHERS = 50;
/** All of them as text, UTF-16 units: what an input of Slack's takes. */
export const MAX_MATCHERS_TEXT = 3_000;

/** Quoted text, or text without what Alertmanager reserves; typographic quotes are reserved too, since nobody means them. */
const TOKEN = String.raw`"(?:[^"\\]|\\.)*"|[^\s{}!=~,"'${'`'}“”„]+`;
const ITEM = new RegExp(String.raw`\s*(${TOKEN})\s*(=~|!~|!=|=)\s*(${TOKEN})\s*`, 'suy');

/** Names that every version of Alertmanager takes without quotes; those of UTF-8 need them and version 0.27. */
const PLAIN_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

const shown = (text: string): string => {
  const safe = excerpt(text.trim(), 2 * MAX_SHOWN);
  const characters = Array.from(safe);
  return characters.length > MAX_SHOWN ? `${characters.slice(0, MAX_SHOWN).join('')}…` : safe;
};

const quoted = (text: string): string =>
  `"${text.replace(/["\\\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))}"`;

/** As OpenMetrics escapes: a backslash before anything else than " \ n stays, so that `\d` needs no second one. */
const unquoted = (token: string): string =>
  (token.startsWith('"') ? token.slice(1, -1) : token).replace(/\\(["\\n])/g, (_, character: string) =>
    character === 'n' ? '\n' : character,
  );

const faultAt = (rest: string): string => {
  if (/^[^"]*[“”„]/.test(rest)) return `use straight quotes ("), got ${shown(rest)}`;
  if (/^[^"]*"(?:[^"\\]|\\.)*$/.test(rest)) return `the closing " is missing, got ${shown(rest)}`;
  return `expected name="value", got ${shown(rest)}`;
};

/** @returns the line's matchers, or its fault */
const parseLine = (line: string): readonly Matcher[] | string => {
  const matchers: Matcher[] = [];
  for (let at = 0; line.slice(at).trim() !== ''; at += 1) {
    ITEM.lastIndex = at;
    const item = ITEM.exec(line);
    if (item === null) return faultAt(line.slice(at));
    const [text, name = '', operator = '', value = ''] = item;
    at += text.length;
    if (unquoted(name) === '') return `expected a label's name before ${operator}, got ${shown(text)}`;
    if (at < line.length && line[at] !== ',') {
      return `expected a comma or a new line after ${shown(text)}, got ${shown(line.slice(at))}`;
    }
    matchers.push({
      name: unquoted(name),
      value: unquoted(value),
      isRegex: operator.endsWith('~'),
      isEqual: operator.startsWith('='),
    });
  }
  return matchers;
};

/** Whether it surely matches an alert without the label. What other regular expressions match, the server knows (RE2). */
const surelyMatchesEmpty = ({ value, isRegex, isEqual }: Matcher): boolean => {
  if (isRegex) return isEqual && (value === '' || value === '.*');
  return isEqual ? value === '' : value !== '';
};

/**
 * Reads matchers as Alertmanager writes them, with commas or new lines between them and optional braces around all:
 * https://prometheus.io/docs/alerting/latest/configuration/#label-matchers. Regular expressions are left to the server.
 */
export const parseMatchers = (text: string): ParsedMatchers => {
  if (text.length > MAX_MATCHERS_TEXT) {
    return { matchers: [], faults: [`expected at most ${MAX_MATCHERS_TEXT} characters in all`] };
  }
  const matchers: Matcher[] = [];
  const faults: string[] = [];
  let braces = 0;
  text.split('\n').forEach((raw, i) => {
    const [, open = '', line = '', close = ''] = /^\s*(\{?)(.*?)(\}?)\s*$/s.exec(raw) ?? [];
    braces += open.length - close.length;
    const parsed = parseLine(line);
    if (typeof parsed === 'string') faults.push(`line ${i + 1}: ${parsed}`);
    else matchers.push(...parsed);
  });
  if (faults.length === 0) {
    if (braces !== 0) faults.push(`a ${braces > 0 ? '} is missing at the end' : '{ is missing at the beginning'}`);
    else if (matchers.length === 0) faults.push('expected at least one matcher, such as alertname="DiskFull"');
    else if (matchers.length > MAX_MATCHERS) {
      faults.push(`expected at most ${MAX_MATCHERS} matchers, got ${matchers.length}`);
    } else if (matchers.every(surelyMatchesEmpty)) {
      faults.push('these would match alerts that have no such label: at least one matcher must ask for a value');
    }
  }
  return faults.length === 0 ? { matchers, faults } : { matchers: [], faults };
};

/** As Alertmanager writes it: `name="value"`. */
export const formatMatcher = ({ name, value, isRegex, isEqual }: Matcher): string => {
  const operator = isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!=';
  return `${PLAIN_NAME.test(name) ? name : quoted(name)}${operator}${quoted(value)}`;
};

/** One matcher a line, as {@link parseMatchers} reads it. */
export const formatMatchers = (matchers: readonly Matcher[]): string => matchers.map(formatMatcher).join('\n');

/** What has a meaning in RE2 is escaped: https://github.com/google/re2/wiki/Syntax. */
const literal = (text: string): string => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');

/** What each alert has for a label, '' where it has none; each value once, in order. */
const valuesOf = (alerts: readonly Labelled[], name: string): readonly string[] =>
  [...new Set(alerts.map(({ labels }) => ownValue(labels, name) ?? ''))].sort();

const oneOf = (name: string, values: readonly string[]): Matcher => {
  const [first = ''] = values;
  if (values.length === 1) return { name, value: first, isRegex: false, isEqual: true };
  return { name, value: values.map(literal).join('|'), isRegex: true, isEqual: true };
};

const commonLabels = ([first, ...others]: readonly Labelled[]): readonly Matcher[] =>
  Object.entries(first?.labels ?? {})
    .filter(([name, value]) => value !== '' && others.every(({ labels }) => ownValue(labels, name) === value))
    .map(([name, value]) => oneOf(name, [value]));

/**
 * Matchers for every alert of an incident: one for each label of the thread key; a missing label is matched as empty.
 * Where all of these may be empty, the alerts' names are added, or else every label that all alerts share.
 * @returns none where the alerts have nothing in common, since such a silence would hold for everything
 */
export const incidentMatchers = (alerts: readonly Labelled[], keyLabels: readonly string[]): readonly Matcher[] => {
  const isFirm = (name: string): boolean => alerts.length > 0 && !valuesOf(alerts, name).includes('');
  const matchers = keyLabels.map((name) => oneOf(name, valuesOf(alerts, name)));
  if (keyLabels.some(isFirm)) return matchers;
  if (isFirm('alertname')) return [...matchers, oneOf('alertname', valuesOf(alerts, 'alertname'))];
  const common = commonLabels(alerts);
  return common.length === 0 ? [] : [...matchers, ...common];
};

/**
 * Matchers for an incident. The problems of a fold differ in the labels of the thread key: what they share is their name.
 * @returns none where they do not even share that
 */
export const matchersOf = (
  incident: { readonly alerts: readonly Labelled[]; readonly fold?: { readonly alertname: string } },
  keyLabels: readonly string[],
): readonly Matcher[] => {
  const { alerts, fold } = incident;
  if (fold === undefined) return incidentMatchers(alerts, keyLabels);
  return fold.alertname === '' ? [] : [oneOf('alertname', [fold.alertname])];
};
