import { severityClass } from '../domain/alert.js';
import { behindSince } from '../domain/behind.js';
import { fnv1a64 } from '../domain/fnv1a.js';
import { alertnameOf, firingAlerts, isOpen, isFold } from '../domain/incident.js';
import { shownTs, threadsOf, type ThreadRecord } from '../domain/record.js';
import { wantsSilenceCare } from '../domain/silence-rules.js';
import { escaped, fieldOf } from './redis-keys.js';
import { PLACES } from './redis-scripts.js';

export const byIncident = (id: string): string => `i ${escaped(id)}`;
export const byMessage = (channel: string, ts: string): string => `m ${escaped(`${channel} ${ts}`)}`;
export const byFingerprint = (fingerprint: string): string => `f ${escaped(fingerprint)}`;

const OPEN = 'open';
const OVER = 'over';

/** How the members of `live` begin that stand for a channel's open incidents. */
export const liveOpen = (channel: string): string => `${channel} ${OPEN}`;

/** The same for those of an alertname, open and over. */
export const liveNamed = (channel: string, alertname: string): readonly string[] =>
  [OPEN, OVER].map((state) => `${channel} ${state} ${fnv1a64(alertname)}`);

/** What leads to a record: `<place in KEYS> <member>` of each index entry. */
const entriesOf = (record: ThreadRecord | undefined): Set<string> => {
  const entries = new Set<string>();
  if (record === undefined) return entries;
  for (const find of findsOf(record)) entries.add(`${PLACES.find} ${find}`);
  for (const thread of threadsOf(record)) {
    const { status, severity, id } = thread.incident;
    entries.add(`${PLACES[status]} ${escaped(id)}`);
    entries.add(`${PLACES.severities} ${status} ${severityClass(severity)} ${escaped(id)}`);
    const [open = '', over = ''] = liveNamed(record.channel, alertnameOf(thread.incident));
    entries.add(`${PLACES.live} ${isOpen(thread.incident) ? open : over} ${escaped(id)}`);
    const since = behindSince(thread);
    if (since !== null) entries.add(`${PLACES.behind} ${thread.channel} ${sortable(since)} ${escaped(id)}`);
  }
  if (record.current !== null && isFold(record.current.incident)) entries.add(`${PLACES.folds} ${fieldOf(record)}`);
  return entries;
};

/** Times of one length: they sort as text. */
const sortable = (time: number): string => String(Math.max(0, Math.floor(time))).padStart(15, '0');

/** All by which a record is found. */
export const findsOf = (record: ThreadRecord): readonly string[] => {
  const finds: string[] = [];
  if (record.adopt !== undefined) finds.push(byMessage(record.channel, record.adopt));
  for (const { incident, channel, delivery } of threadsOf(record)) {
    finds.push(byIncident(incident.id));
    if (delivery.rootTs !== null) finds.push(byMessage(channel, delivery.rootTs));
    if (isOpen(incident)) for (const { fingerprint } of firingAlerts(incident)) finds.push(byFingerprint(fingerprint));
  }
  return finds;
};

/** Arguments of `CHANGE` behind the value: what the indexes are to say of the record from now on. */
export const indexChanges = (old: ThreadRecord | undefined, next: ThreadRecord | undefined): (string | number)[] => {
  const before = entriesOf(old);
  const after = entriesOf(next);
  const pairs: string[] = [];
  const pair = (sign: '+' | '-', entry: string): void => {
    const space = entry.indexOf(' ');
    pairs.push(sign + entry.slice(0, space), entry.slice(space + 1));
  };
  for (const entry of before) if (!after.has(entry)) pair('-', entry);
  for (const entry of after) if (!before.has(entry)) pair('+', entry);
  return [
    next?.due ?? '',
    (next && shownTs(next)) ?? '',
    next !== undefined && wantsSilenceCare(next) ? '1' : '',
    ...pairs,
  ];
};
