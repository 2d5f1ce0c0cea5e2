import type { ContextBlock, HeaderBlock, MrkdwnElement, PlainTextElement, SectionBlock } from '@slack/types';
import { LIMITS } from './limits.js';
import { pack } from './mrkdwn.js';
import { cut } from './text.js';

/** `verbatim`: Slack makes no links or mentions out of words. */
const mrkdwn = (text: string): MrkdwnElement => ({ type: 'mrkdwn', text, verbatim: true });

/** Words of ours, emoji and all, or an untrusted text that is clean and cut. */
export const plainText = (text: string): PlainTextElement => ({ type: 'plain_text', text, emoji: true });

/** The text is plain and within the limit, its untrusted part cut by the caller. */
export const header = (text: string): HeaderBlock => ({
  type: 'header',
  text: plainText(text),
});

export const section = (text: string): SectionBlock => ({ type: 'section', text: mrkdwn(text) });

/** Lines that are shown together: one section, or more where they do not fit one. */
export const sections = (lines: readonly string[]): SectionBlock[] => pack(lines, LIMITS.section).map(section);

export const fieldsSection = (texts: readonly string[]): SectionBlock => ({
  type: 'section',
  fields: texts
    .filter((text) => text.length <= LIMITS.field)
    .slice(0, LIMITS.fields)
    .map(mrkdwn),
});

/** Small grey lines of mrkdwn, each within {@link LIMITS.context}. */
export const notes = (lines: readonly string[]): ContextBlock[] =>
  pack(lines, LIMITS.context).map((text) => ({ type: 'context', elements: [mrkdwn(text)] }));

/** A small grey line of plain text; colons in it are no emoji. */
export const plainNote = (text: string): ContextBlock => ({
  type: 'context',
  elements: [{ type: 'plain_text', text: cut(text, LIMITS.context), emoji: false }],
});
