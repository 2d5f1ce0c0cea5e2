import { MAX_ENTRIES, MAX_NAME, MAX_VALUE } from './text-limits.js';

/** UTF-16 units of an alert's labels and annotations, names included: what is stored of it, shown, and kept in memory. */
const MAX_ALERT = 24_000;
/** Of its labels. They are cut by themselves, or the annotations of a webhook would decide what they are. */
export const MAX_LABELS = MAX_ALERT / 2;
/** Longest value: the first of them with which all fit. */
const SHORTEST = 120;
const LEVELS = [MAX_VALUE, 2_000, 500, SHORTEST] as const;

/** What the labels of the thread key may take together, and one of them at most. */
const MAX_KEPT = 8_000;
const MAX_KEPT_VALUE = 1_000;

/** Labels that decide where an alert goes: kept always, and cut in one way, so that the alert stays in its thread. */
export interface KeptLabels {
  readonly names: ReadonlySet<string>;
  /** Longest value of each, UTF-16 units. */
  readonly most: number;
}

/** @param keyLabels THREAD_KEY_LABELS */
export const keptLabels = (keyLabels: readonly string[]): KeptLabels => {
  const names = new Set(['alertname', 'severity', 'slack_channel', ...keyLabels]);
  return { names, most: Math.min(MAX_KEPT_VALUE, Math.floor(MAX_KEPT / names.size)) };
};

/** Annotations that are worth more than others when not all of them fit. */
const TOLD_FIRST: ReadonlySet<string> = new Set(['summary', 'description', 'message', 'title', 'runbook_url']);
const NONE: ReadonlySet<string> = new Set();

type Texts = Readonly<Record<string, string>>;
export type Text = readonly [name: string, text: string];

/** Without half of a pair at its end. */
const cut = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? most - 1 : most);
};

const byName = ([a]: Text, [b]: Text): number => (a < b ? -1 : 1);
/** So many are gathered before they are sorted; a sender may have a million. */
const GATHERED = 50 * MAX_ENTRIES;

/**
 * Those that are kept, the first ones first: what counts, then by the alphabet, so that the order in which a sender
 * writes them decides nothing.
 */
const chosen = (texts: readonly Text[], first: ReadonlySet<string>): readonly Text[] => {
  const kept: Text[] = [];
  let others: Text[] = [];
  let last: string | undefined; // names beyond it are not among the first ones
  for (const text of texts) {
    const [name] = text;
    if (first.has(name)) kept.push(text);
    else if (name.length <= MAX_NAME && (last === undefined || name < last)) others.push(text);
    if (others.length < GATHERED) continue;
    others = others.sort(byName).slice(0, MAX_ENTRIES);
    last = others.at(-1)?.[0];
  }
  return [...kept, ...others.sort(byName).slice(0, Math.max(0, MAX_ENTRIES - kept.length))];
};

interface Bounds {
  readonly budget: number;
  readonly first: ReadonlySet<string>;
  /** Longest value of a name. */
  readonly most: (name: string, level: number) => number;
}

/** What of the chosen ones is within the budget, all cut alike. */
const fit = (texts: readonly Text[], { budget, first, most }: Bounds): Texts => {
  const cost = ([name, text]: Text, level: number): number => name.length + Math.min(text.length, most(name, level));
  const fits = (level: number): boolean => texts.reduce((sum, text) => sum + cost(text, level), 0) <= budget;
  const level = LEVELS.find(fits) ?? SHORTEST;
  const kept: Text[] = [];
  let left = budget;
  for (const text of texts) {
    const [name, whole] = text;
    const takes = cost(text, level);
    if (takes > left && !first.has(name)) continue; // only where the names alone are long
    left -= takes;
    kept.push([name, cut(whole, most(name, level))]);
  }
  return Object.fromEntries(kept);
};

/** Labels within their bound, and the same labels with values of up to 8,000: to tell alerts apart that are alike once they are cut. */
export const fitLabels = (texts: readonly Text[], { names, most }: KeptLabels): { labels: Texts; whole: Texts } => {
  const kept = chosen(texts, names);
  const bounds = {
    budget: MAX_LABELS,
    first: names,
    most: (name: string, level: number) => (names.has(name) ? most : level),
  };
  return {
    labels: fit(kept, bounds),
    whole: Object.fromEntries(kept.map(([name, text]) => [name, cut(text, MAX_VALUE)])),
  };
};

/** Annotations within what the labels leave of the alert's bound. */
export const fitAnnotations = (texts: readonly Text[], labels: Texts): Texts => {
  const taken = Object.entries(labels).reduce((sum, [name, text]) => sum + name.length + text.length, 0);
  return fit(chosen(texts, TOLD_FIRST), { budget: MAX_ALERT - taken, first: NONE, most: (_, level) => level });
};
