import { ownValue } from '../domain/own-value.js';
import { LIMITS } from './limits.js';
import { cleanLine, cleanText, cut, cutAt } from './text.js';

/** Slack's markup from untrusted text: https://docs.slack.dev/messaging/formatting-message-text#escaping */

const SPECIAL = /[&<>]/;

const escapeAll = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const AMPERSAND = 0x26;
const LESS = 0x3c;
const GREATER = 0x3e;

const escapedLength = (unit: number): number => {
  if (unit === AMPERSAND) return 5;
  return unit === LESS || unit === GREATER ? 4 : 1;
};

/** Escapes once; the escaped text is within the limit and ends in whole entities. */
const escapeWithin = (text: string, limit: number): string => {
  if (limit <= 0) return '';
  if (!SPECIAL.test(text)) return cut(text, limit);
  let length = 0;
  let room = text.length; // how much of the text fits beside an ellipsis
  for (let i = 0; i < text.length; i++) {
    length += escapedLength(text.charCodeAt(i));
    if (length > limit - 1 && room === text.length) room = i;
    if (length > limit) return escapeAll(cutAt(text, room));
  }
  return escapeAll(text);
};

/** An untrusted text as one line of mrkdwn of at most `limit`; empty when nothing of it is visible. */
export const escapeLine = (raw: string, limit: number): string => escapeWithin(cleanLine(raw, limit), limit);

/** An untrusted text as lines of mrkdwn of at most `limit` together. */
export const escapeText = (raw: string, limit: number): string => escapeWithin(cleanText(raw, limit), limit);

/** What an URL may hold but a link's markup may not; `new URL` encodes the rest. */
const IN_MARKUP: Readonly<Record<string, string>> = {
  '|': '%7C',
  '<': '%3C',
  '>': '%3E',
  ' ': '%20',
  '"': '%22',
  "'": '%27',
  '`': '%60',
};

/** What an untrusted text is as a link: one, a text that is none, or an URL that must not be shown. */
export type LinkTarget = { readonly url: string } | 'no-link' | 'unfit';

/** Only http(s) is a link. One that carries a user or password, or is too long to show whole, is unfit. */
export const linkTarget = (raw: string): LinkTarget => {
  if (raw.length > LIMITS.link) return 'unfit';
  let url: URL;
  try {
    url = new URL(raw);
  } catch {
    return 'no-link';
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'no-link';
  if (url.username !== '' || url.password !== '') return 'unfit';
  return { url: url.href.replace(/[|<> "'`]/g, (char) => ownValue(IN_MARKUP, char) ?? '').replaceAll('&', '&amp;') };
};

/** `<url|label>`, or null where the target is no http(s) link that can be shown. The label is ours, or escaped. */
export const link = (raw: string | undefined, label: string, longest: number = LIMITS.link): string | null => {
  const target = raw === undefined ? 'no-link' : linkTarget(raw);
  if (typeof target === 'string') return null;
  const markup = `<${target.url}|${label.replaceAll('|', '¦')}>`; // how Slack reads a second | is not documented
  return markup.length <= longest ? markup : null;
};

/** Puts whole lines together into as few texts as the limit allows. A line is never cut: it may end in markup. */
export const pack = (lines: readonly string[], limit: number): string[] => {
  const texts: string[] = [];
  let text = '';
  for (const line of lines) {
    if (line === '' || line.length > limit) continue;
    if (text !== '' && text.length + 1 + line.length > limit) {
      texts.push(text);
      text = '';
    }
    text = text === '' ? line : `${text}\n${line}`;
  }
  return text === '' ? texts : [...texts, text];
};

/** A zero-width space that keeps a client, or Slack under `link_names`, from reading a mention into plain text. */
export const breakPings = (text: string): string =>
  text.replace(/@(?=channel|here|everyone|group)/gi, '@\u200B').replace(/<(?=[!@#])/g, '<\u200B');

/** An untrusted text as one line for a `plain_text` object, where Slack wants it unescaped. */
export const plainLine = (raw: string, limit: number): string => cut(breakPings(cleanLine(raw, limit)), limit);
