import type { KnownBlock, MessageAttachment } from '@slack/types';
import type { IncidentThread } from '../domain/record.js';
import { rootFacts, type RootFacts } from '../domain/root-facts.js';
import { gathered, type TimelineEntry } from '../domain/timeline.js';
import { header, notes, plainNote, sections } from './blocks.js';
import { cardBlocks } from './card.js';
import { fit, PLAIN, type Detail } from './detail.js';
import { entryLines, type EntryLine } from './entry-lines.js';
import { LIMITS } from './limits.js';
import type { RenderOptions, SlackMessage } from './message.js';
import { escapeText } from './mrkdwn.js';
import { counted } from './names.js';
import { attachmentFallback, headline, POSSIBLE_DUPLICATE, topLevelText } from './notification.js';
import { openedFacts, resolvedFacts } from './reply-facts.js';
import { RESOLVED_STYLE, styleOf } from './severity-style.js';
import { resolutionNotes, stateLines, statusLines } from './status-lines.js';
import { escapedTitle, plainTitle } from './title.js';
import { IN_ATTACHMENT, IN_TEXT, isMention } from './voice.js';

const SHORT_TITLE = 80;

/** One reply for all the entries given: a full card where one is due, and a line for each happening or burst after it. */
export const renderReply = (
  thread: IncidentThread,
  entries: readonly TimelineEntry[],
  options: RenderOptions = {},
): SlackMessage => {
  const duplicate = options.maybeDuplicate === true ? [POSSIBLE_DUPLICATE] : [];
  const { card, rest } = split(thread, gathered(entries));
  const { lines, left } = notification(thread, card, rest);
  if (options.plain === true) {
    const [first, ...others] = lines;
    const facts = card === null ? [] : cardText(card);
    return { text: topLevelText([first, ...duplicate, ...facts, ...others], LIMITS.plainText, left) };
  }
  const fallbackText = topLevelText(lines, LIMITS.notification, left);
  return fit((detail) => {
    const message = card === null ? linesOnly(thread, rest, detail) : withCard(thread, card, rest, detail);
    return {
      text: fallbackText,
      blocks: [...message.blocks, ...duplicate.map(plainNote)],
      ...(message.attachments.length === 0 ? {} : { attachments: message.attachments }),
    };
  });
};

interface Parts {
  readonly blocks: KnownBlock[];
  readonly attachments: MessageAttachment[];
}

/** A resolved card replaces the entries before it; the first card of an adopted thread comes before all others. */
const split = (
  thread: IncidentThread,
  entries: readonly TimelineEntry[],
): { card: RootFacts | null; rest: readonly TimelineEntry[] } => {
  const at = entries.findLastIndex(({ kind }) => kind === 'resolved');
  const resolved = entries[at];
  if (resolved !== undefined) return { card: resolvedFacts(thread, resolved), rest: entries.slice(at + 1) };
  if (!entries.some(({ kind }) => kind === 'opened')) return { card: null, rest: entries };
  return { card: openedFacts(thread), rest: entries.filter(({ kind }) => kind !== 'opened') };
};

const withCard = (thread: IncidentThread, card: RootFacts, rest: readonly TimelineEntry[], detail: Detail): Parts => {
  const resolved = card.status === 'resolved';
  const { emoji, color } = resolved ? RESOLVED_STYLE : styleOf(card.severity);
  const fallback = attachmentFallback(card.description, card.alertname);
  return {
    blocks: [header(plainTitle(resolved ? `${emoji} RESOLVED — ` : `${emoji} `, card))],
    attachments: [{ color, fallback, blocks: cardBlocks(card, detail) }, ...lineAttachments(thread, rest, detail)],
  };
};

/** Without blocks of its own a message would show its fallback text, so what is in attachments gets a title above. */
const linesOnly = (thread: IncidentThread, entries: readonly TimelineEntry[], detail: Detail): Parts => {
  const loud = entries.some((entry) => entry.loud);
  if (entries.length > 0 && !loud && !entries.some(({ actor }) => isMention(actor))) {
    return { blocks: lineBlocks(thread, entries, detail), attachments: [] };
  }
  const facts = rootFacts(thread);
  return {
    // What people did is no alarm: only their own line has an emoji.
    blocks: [plainNote(plainTitle(loud ? `${styleOf(facts.severity).emoji} ` : '', facts))],
    attachments: lineAttachments(thread, entries, detail),
  };
};

const lineAttachments = (
  thread: IncidentThread,
  entries: readonly TimelineEntry[],
  detail: Detail,
): MessageAttachment[] => {
  if (entries.length === 0) return [];
  const color = entries.some(({ loud }) => loud) ? { color: styleOf(thread.incident.severity).color } : {};
  const fallback = attachmentFallback(thread.incident.environment, thread.incident.id);
  return [{ ...color, fallback, blocks: lineBlocks(thread, entries, detail) }];
};

/** Loud entries are read, each in a block with its alert's description; quiet ones are small and grey. */
const lineBlocks = (thread: IncidentThread, entries: readonly TimelineEntry[], detail: Detail): KnownBlock[] => {
  const { shown, left } = mostImportant(entries, detail.lines);
  const blocks: KnownBlock[] = [];
  let quiet: string[] = left === 0 ? [] : [`${counted(left, 'earlier change')} not shown`];
  for (const line of entryLines(shown, thread, IN_ATTACHMENT, detail)) {
    if (line.loud) {
      blocks.push(...notes(quiet), ...sections([withBody(line, detail)]));
      quiet = [];
    } else {
      quiet.push(line.text, line.note);
    }
  }
  return [...blocks, ...notes(quiet)];
};

const withNote = ({ text, note }: EntryLine): string => (note === '' ? text : `${text}\n${note}`);

const withBody = (line: EntryLine, detail: Detail): string => {
  const below = escapeText(line.body, detail.body);
  return below === '' ? withNote(line) : `${withNote(line)}\n${below}`;
};

/** At most `most` entries in their order: quiet ones are left out first, then the older ones. */
const mostImportant = (
  entries: readonly TimelineEntry[],
  most: number,
): { shown: readonly TimelineEntry[]; left: number } => {
  if (entries.length <= most) return { shown: entries, left: 0 };
  const loud = entries.filter((entry) => entry.loud).slice(-most);
  const quiet = entries.filter((entry) => !entry.loud);
  const kept = new Set([...loud, ...quiet.slice(quiet.length - Math.min(quiet.length, most - loud.length))]);
  return { shown: entries.filter((entry) => kept.has(entry)), left: entries.length - kept.size };
};

/** For a lock screen and for plain text: what happened, and to which problem. */
const notification = (
  thread: IncidentThread,
  card: RootFacts | null,
  entries: readonly TimelineEntry[],
): { lines: readonly [string, ...string[]]; left: number } => {
  const { shown, left } = mostImportant(entries, PLAIN.lines);
  const lines = entryLines(shown, thread, IN_TEXT, PLAIN);
  if (card !== null) return { lines: [headline(card), ...lines.map(withNote)], left };
  const [first = { loud: false, text: 'ℹ️ Updated', body: '', note: '' }, ...others] = lines;
  const title = escapedTitle(rootFacts(thread), SHORT_TITLE);
  return { lines: [withNote({ ...first, text: `${first.text} — ${title}` }), ...others.map(withNote)], left };
};

const cardText = (card: RootFacts): string[] => [
  ...stateLines(card, IN_TEXT),
  ...statusLines(card, IN_TEXT),
  ...resolutionNotes(card.resolution, IN_TEXT, PLAIN),
];
