import type { Alert } from './alert.js';

type Texts = Readonly<Record<string, string>>;

/** Beside its texts, as JSON. */
const FRAME = 260;
/** Characters of a text that JSON in UTF-8 writes as they are. */
const PLAIN = /^[ !#-[\]-~]*$/;

const known = new WeakMap<Texts, number>();

const textBytes = (text: string): number => (PLAIN.test(text) ? text.length : Buffer.byteLength(JSON.stringify(text)));

const bytesOf = (texts: Texts): number => {
  const before = known.get(texts);
  if (before !== undefined) return before;
  let bytes = 0;
  for (const [name, value] of Object.entries(texts)) bytes += textBytes(name) + textBytes(value) + 6;
  known.set(texts, bytes);
  return bytes;
};

/** About how many bytes an alert takes in a stored record. Texts are measured once: states of one alert share them. */
export const alertBytes = ({ labels, annotations, links }: Pick<Alert, 'labels' | 'annotations' | 'links'>): number =>
  FRAME + bytesOf(labels) + bytesOf(annotations) + (links === undefined ? 0 : bytesOf(links as Texts));

/** Longest value that is kept, tried in turn; characters. */
const CUTS = [2_000, 500, 120, 20] as const;

const cut = (texts: Texts, most: number): Texts =>
  Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, wellFormed(value.slice(0, most))]));

/** No half of a surrogate pair at the end. */
const wellFormed = (text: string): string => (/[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text);

/** The alert with its values cut so that it takes no more bytes than that, as far as cutting helps. */
export const within = <T extends Pick<Alert, 'labels' | 'annotations' | 'links'>>(alert: T, bytes: number): T => {
  if (alertBytes(alert) <= bytes) return alert;
  const { links: _, ...rest } = alert;
  let smaller = rest as T;
  for (const most of CUTS) {
    smaller = { ...(rest as T), labels: cut(alert.labels, most), annotations: cut(alert.annotations, most) };
    if (alertBytes(smaller) <= bytes) return smaller;
  }
  return { ...smaller, annotations: {} };
};
