import type { AlertState, Incident } from '../domain/incident.js';
import { NEW_DELIVERY, type IncidentThread } from '../domain/record.js';
import { rootFacts, type RootFacts } from '../domain/root-facts.js';
import type { EntryKind, TimelineEntry } from '../domain/timeline.js';
import type { SlackMessage } from './message.js';

/** Makers of incidents and readers of messages for this folder's specs. The readers share nothing with the renderer. */

export const STARTED = Date.parse('2024-01-15T14:30:25Z');
export const RESOLVED = Date.parse('2024-01-15T14:45:30Z');

export const alert = (change: Partial<AlertState> = {}): AlertState => ({
  fingerprint: 'a1',
  status: 'firing',
  labels: {
    alertname: 'DatabaseCriticalFailure',
    severity: 'critical',
    service: 'database',
    cluster: 'production',
    instance: 'db01.example.com',
  },
  annotations: {
    summary: 'Database Critical Failure',
    description: 'MySQL connection completely failed. Immediate action required.',
    runbook_url: 'https://docs.example.com/runbooks/db-failure',
  },
  startsAt: STARTED,
  endsAt: null,
  lastSeenAt: STARTED,
  ...change,
});

/** The same problem on another machine. */
export const alertOn = (instance: string, change: Partial<AlertState> = {}): AlertState => {
  const first = alert();
  return {
    ...first,
    fingerprint: instance,
    labels: { ...first.labels, instance },
    annotations: { summary: `Replica of ${instance} failed`, description: `No connection to ${instance}.` },
    ...change,
  };
};

export const thread = (
  alerts: readonly AlertState[] = [alert()],
  change: Partial<Incident> = {},
  entries: readonly TimelineEntry[] = [],
): IncidentThread => ({
  incident: {
    id: 'INC-20240115143025-0a1b2c3d',
    key: 'DatabaseCriticalFailure|critical|database|production|production',
    environment: 'production',
    status: 'firing',
    severity: 'critical',
    lead: alerts[0]?.fingerprint ?? '',
    alerts,
    resolvedBefore: 0,
    openedAt: STARTED,
    acknowledged: null,
    resolved: null,
    silence: null,
    truncated: 0,
    reopened: 0,
    repeatedAt: null,
    ...change,
  },
  channel: 'C0123456789',
  timeline: { last: entries.at(-1)?.n ?? 0, entries },
  delivery: NEW_DELIVERY,
});

export const facts = (change: Partial<RootFacts> = {}): RootFacts => ({ ...rootFacts(thread()), ...change });

export const entry = (kind: EntryKind, change: Partial<TimelineEntry> = {}): TimelineEntry => ({
  n: 1,
  at: RESOLVED,
  kind,
  loud: false,
  count: 1,
  alerts: [],
  ...change,
});

interface TextObject {
  readonly type: string;
  readonly text: string;
  readonly verbatim?: boolean;
}

interface ReadBlock {
  readonly type: string;
  readonly text?: TextObject;
  readonly fields?: readonly TextObject[];
  readonly elements?: readonly TextObject[];
}

interface ReadMessage {
  readonly text: string;
  readonly blocks?: readonly ReadBlock[];
  readonly attachments?: readonly { color?: string; fallback?: string; blocks: readonly ReadBlock[] }[];
}

/** What arrives at Slack. */
const read = (message: SlackMessage): ReadMessage => JSON.parse(JSON.stringify(message)) as ReadMessage;

const COLUMN = 28;

const shown = ({ type, text }: TextObject): string =>
  type === 'plain_text'
    ? text
    : text
        .replace(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1')
        .replace(/<http[^|>]*\|([^>]*)>/g, '$1')
        .replace(/\*(\S(?:[^*\n]*\S)?)\*/g, '$1')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&');

const shownBlock = ({ text, fields = [], elements = [] }: ReadBlock): string => {
  const rows: string[] = [];
  for (let i = 0; i < fields.length; i += 2) {
    rows.push(
      fields
        .slice(i, i + 2)
        .map(shown)
        .map((cell, at, { length }) => (at === length - 1 ? cell : cell.padEnd(COLUMN)))
        .join(''),
    );
  }
  return [...(text === undefined ? [] : [shown(text)]), ...rows, ...elements.map(shown)].join('\n');
};

/** A message as people read it: blocks with a blank line between them, two fields in a row. */
export const asRead = (message: SlackMessage): string => {
  const { blocks = [], attachments = [] } = read(message);
  return [...blocks, ...attachments.flatMap((attachment) => attachment.blocks)].map(shownBlock).join('\n\n');
};

const ALLOWED_EVERYWHERE =
  /^(?:https?:\/\/[^\s|<>"'`]+\|[\w ]+|!date\^\d+\^\{date_short_pretty\} \{time\}\|[-\d: ]+ UTC)$/;
const MENTION = /^@[UW][A-Z0-9]{2,}$/;
const FORBIDDEN = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]|\p{Cs}/u;

const markupFaults = (text: string, mentions: boolean): string[] => {
  const faults: string[] = [];
  const outside = text.replace(/<([^<>]*)>/g, (markup, inner: string) => {
    if (!ALLOWED_EVERYWHERE.test(inner) && !(mentions && MENTION.test(inner))) faults.push(`markup ${markup}`);
    return '';
  });
  if (/[<>]/.test(outside)) faults.push('a bare < or >');
  if (/&(?!amp;|lt;|gt;)/.test(text)) faults.push('a bare & or half an entity');
  return faults;
};

const textFaults = (object: TextObject, most: number, mentions: boolean): string[] => {
  const faults: string[] = [];
  const { type, text } = object;
  if (text.length > most) faults.push(`${text.length} characters of ${most}`);
  if (text.trim() === '') faults.push('an empty text');
  if (FORBIDDEN.test(text)) faults.push('a character that must not be there');
  if (type === 'mrkdwn') {
    if (object.verbatim !== true) faults.push('not verbatim');
    faults.push(...markupFaults(text, mentions));
  } else if (/<[!@#]|@(?:channel|here|everyone)/i.test(text)) faults.push('a mention in plain text');
  return faults;
};

const blockFaults = (block: ReadBlock, mentions: boolean): string[] => {
  const { type, text, fields = [], elements = [] } = block;
  const faults: string[] = [];
  if (!['header', 'section', 'context'].includes(type)) faults.push('unknown type');
  if (type === 'context' && (elements.length < 1 || elements.length > 10)) faults.push('number of elements');
  if (type === 'section' && text === undefined && fields.length < 1) faults.push('neither text nor fields');
  if (fields.length > 10) faults.push('number of fields');
  if (text) {
    if (type === 'header' && text.type !== 'plain_text') faults.push('header is not plain');
    faults.push(...textFaults(text, type === 'header' ? 150 : 3000, mentions));
  }
  for (const field of fields) faults.push(...textFaults(field, 2000, mentions));
  for (const element of elements) faults.push(...textFaults(element, 3000, mentions));
  return faults.map((fault) => `${type}: ${fault}`);
};

/** Everything that Slack would refuse, and everything that could ping or mislead. */
export const faultsOf = (message: SlackMessage, plain = false): string[] => {
  const { text, blocks = [], attachments = [] } = read(message);
  const faults = [
    ...markupFaults(text, false).map((fault) => `text: ${fault}`),
    ...blocks.flatMap((block) => blockFaults(block, false)),
    ...attachments.flatMap((attachment) => attachment.blocks.flatMap((block) => blockFaults(block, true))),
  ];
  if (text.trim() === '' || text.length > (plain ? 1000 : 3900)) faults.push(`text of ${text.length}`);
  if (/<|@(?:channel|here|everyone)/i.test(text) || FORBIDDEN.test(text)) faults.push('text: mention or markup');
  for (const { fallback = '', color = '#000000' } of attachments) {
    if (fallback === '' || /[<>]|@(?:channel|here|everyone)/i.test(fallback)) faults.push(`fallback ${fallback}`);
    if (!/^#[0-9A-F]{6}$/.test(color)) faults.push(`color ${color}`);
  }
  if (plain && ('blocks' in message || 'attachments' in message)) faults.push('plain text has blocks');
  if (!plain && blocks.length === 0) faults.push('Slack would show the fallback text');
  const count = blocks.length + attachments.reduce((sum, attachment) => sum + attachment.blocks.length, 0);
  if (count > 50) faults.push(`${count} blocks`);
  const size = [...blocks, ...attachments.flatMap((attachment) => attachment.blocks)]
    .map((block) => JSON.stringify(block).length)
    .reduce((sum, length) => sum + length, 0);
  if (size > 12_000) faults.push(`blocks of ${size} characters`);
  return faults;
};
