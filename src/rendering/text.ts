/**
 * Cleaning and cutting of untrusted text, before any escaping. Texts may be megabytes long, so each is cut to a few
 * times its limit before anything looks at its characters. Lengths are UTF-16 units.
 */

/** Cheap test whether a text holds anything that {@link repair} changes; ordinary pairs of surrogates pass it too. */
const SUSPECT = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069\uD800-\uDFFF]/;
const LINE_END = /\r\n?|[\u2028\u2029]/g;
/** C0 and C1 controls but tab and newline; bidi embeddings, overrides and isolates, which turn the text after them. */
const STRIPPED = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g;
const LONE_SURROGATE = /\p{Cs}/gu;
/** A character that leaves ink on the screen (U+2800 is a blank Braille cell). */
const INK = /[^\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;

const ELLIPSIS = '…';
const MAX_BLANK_LINES = 2;

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/** How much of a text is looked at for a result of `limit`: stripped and folded characters do not count. */
const reach = (limit: number): number => limit * 4 + 256;

const repair = (text: string): string =>
  SUSPECT.test(text) ? text.replace(LINE_END, '\n').replace(STRIPPED, '').replace(LONE_SURROGATE, '\uFFFD') : text;

const clean = (raw: string, limit: number, fold: (text: string) => string): string => {
  const most = reach(limit);
  if (raw.length <= most) {
    const text = fold(repair(raw));
    return INK.test(text) ? text : '';
  }
  const end = isHighSurrogate(raw.charCodeAt(most - 1)) ? most - 1 : most;
  const text = fold(repair(raw.slice(0, end)));
  return INK.test(text) ? text + ELLIPSIS : '';
};

const foldToLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

const foldBlankLines = (text: string): string => {
  if (!text.includes('\n')) return text.trim();
  const kept: string[] = [];
  let blank = 0;
  for (const line of text.split('\n')) {
    const trimmed = line.trimEnd();
    blank = trimmed === '' ? blank + 1 : 0;
    if (blank <= MAX_BLANK_LINES) kept.push(trimmed);
  }
  return kept.join('\n').trim();
};

/** One line without control characters, looked at as far as a result of `limit` needs; empty when nothing is visible. */
export const cleanLine = (raw: string, limit: number): string => clean(raw, limit, foldToLine);

/** The same for several lines, with at most two blank ones in a row. */
export const cleanText = (raw: string, limit: number): string => clean(raw, limit, foldBlankLines);

const graphemes = new Intl.Segmenter();
const WINDOW = 40;

/** The end of the last whole grapheme that ends at `index` or before; of one without an end, the last code point. */
const wholeBefore = (text: string, index: number): number => {
  const from = Math.max(0, index - WINDOW);
  const at = graphemes.segment(text.slice(from, index + WINDOW)).containing(index - from)?.index ?? 0;
  if (at > 0) return from + at;
  return index > 0 && isHighSurrogate(text.charCodeAt(index - 1)) ? index - 1 : index;
};

/** Cuts before `index`, and says so. */
export const cutAt = (text: string, index: number): string =>
  text.slice(0, wholeBefore(text, index)).trimEnd() + ELLIPSIS;

/** Cuts to `limit`, never within a grapheme. */
export const cut = (text: string, limit: number): string => {
  if (text.length <= limit) return text;
  return limit <= 0 ? '' : cutAt(text, limit - 1);
};
