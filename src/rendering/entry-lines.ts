import { severityOf, severityRank } from '../domain/alert.js';
import { alertIn, firingCount, type AlertState, type Incident } from '../domain/incident.js';
import type { IncidentThread } from '../domain/record.js';
import { namesWithin } from '../domain/alert-names.js';
import { alertDescription, alertTitle, incidentTitle } from '../domain/root-facts.js';
import type { EntryKind, Timeline, TimelineEntry } from '../domain/timeline.js';
import type { Detail } from './detail.js';
import { escapeLine } from './mrkdwn.js';
import { counted, nameList } from './names.js';
import { RESOLVED_STYLE, styleOf } from './severity-style.js';
import { silencedLine } from './status-lines.js';
import type { Voice } from './voice.js';

/** One happening of a reply. */
export interface EntryLine {
  /** Worth a block of its own. */
  readonly loud: boolean;
  /** Safe mrkdwn, one line. */
  readonly text: string;
  /** Untrusted: what the alert says about itself, below the line. */
  readonly body: string;
  /** Safe mrkdwn, one line: what the person wrote with it, below the line; empty when nothing. */
  readonly note: string;
}

interface Told {
  /** The last one of its kind in the reply: it alone tells figures that are the same for all of them. */
  readonly isLast: boolean;
  readonly entry: TimelineEntry;
  readonly incident: Incident;
  readonly nameOf: (alert: AlertState) => string;
  readonly timeline: Timeline;
  readonly voice: Voice;
  readonly detail: Detail;
}

type Write = (told: Told) => string | Pick<EntryLine, 'text' | 'body'>;

/** What each entry of a reply says, in their order. */
export const entryLines = (
  entries: readonly TimelineEntry[],
  { incident, timeline }: Pick<IncidentThread, 'incident' | 'timeline'>,
  voice: Voice,
  detail: Detail,
): EntryLine[] => {
  const last = new Map(entries.map((entry) => [entry.kind, entry]));
  const nameOf = namesWithin(incident.alerts);
  return entries.map((entry) =>
    entryLine({ isLast: last.get(entry.kind) === entry, entry, incident, nameOf, timeline, voice, detail }),
  );
};

/** A kind that a newer version wrote is told in general words. */
const entryLine = (told: Told): EntryLine => {
  const { entry, detail } = told;
  const line = WRITERS.get(entry.kind)?.(told) ?? 'ℹ️ The incident changed';
  // One line: it must not look like the happenings around it.
  const note = escapeLine(entry.note ?? '', detail.note);
  return {
    loud: entry.loud,
    ...(typeof line === 'string' ? { text: line, body: '' } : line),
    note: note === '' ? '' : `Comment: ${note}`,
  };
};

const alertsOf = ({ entry, incident }: Told): AlertState[] =>
  entry.alerts.flatMap((fingerprint) => alertIn(incident, fingerprint) ?? []);

/** The alert, where the entry is about one that is still known. */
const onlyAlert = (told: Told): AlertState | undefined =>
  told.entry.count === 1 && told.entry.alerts.length === 1 ? alertsOf(told)[0] : undefined;

/** Alerts that no label tells apart share a name; alerts that the incident no longer knows are counted. */
const namesOf = (told: Told): string => {
  const alerts = alertsOf(told);
  const held = alerts.map((alert) => told.nameOf(alert) || (alert.labels['alertname'] ?? ''));
  // Of a crowd some alerts are known by the name that the entry keeps.
  const names = new Set([...held, ...(alerts.length < told.entry.alerts.length ? (told.entry.names ?? []) : [])]);
  const known = Math.max(alerts.length, names.size);
  return nameList([...names], names.size + Math.max(0, told.entry.count - known), told.detail);
};

const byWhom = ({ entry, voice }: Told): string =>
  entry.actor === undefined ? '' : ` by ${voice.person(entry.actor)}`;

const opened: Write = ({ incident, voice }) => `${styleOf(incident.severity).emoji} ${voice.strong('Fires')}`;

const joined: Write = (told) => {
  const { entry, voice, detail, incident } = told;
  const alert = onlyAlert(told);
  if (alert === undefined) {
    const names = namesOf(told);
    const what = entry.count === 1 ? 'Another alert joined' : `${entry.count} more alerts joined`;
    return `${styleOf(incident.severity).emoji} ${voice.strong(names === '' ? what : `${what}:`)} ${names}`.trimEnd();
  }
  const who = namesOf(told) || 'Another alert';
  // The title stands above the line already; it need not be said twice.
  const title = alertTitle(alert);
  const summary = title === incidentTitle(incident) ? '' : escapeLine(title, detail.summary);
  const text = `${styleOf(severityOf(alert)).emoji} ${voice.strong(`${who} joined${summary === '' ? '' : ':'}`)} ${summary}`;
  return { text: text.trimEnd(), body: alertDescription(alert) };
};

const refired: Write = (told) => {
  const { entry, voice } = told;
  const names = namesOf(told);
  if (entry.count === 1) return `🔁 ${voice.strong(`${names || 'An alert'} fires again`)}`;
  return `🔁 ${voice.strong(`${entry.count} alerts fire again${names === '' ? '' : ':'}`)} ${names}`.trimEnd();
};

const reopened: Write = (told) => {
  if (told.entry.actor !== undefined) return `🔁 ${told.voice.strong('Reopened')}${byWhom(told)}`;
  const names = namesOf(told);
  return `🔁 ${told.voice.strong(names === '' ? 'Fires again' : 'Fires again:')} ${names}`.trimEnd();
};

/** Entries that set or clear an acknowledgement; what cleared one says so only if there was one. */
const ACKNOWLEDGEMENT: readonly EntryKind[] = [
  'opened',
  'acknowledged',
  'unacknowledged',
  'severity-rose',
  'resolved',
  'reopened',
];

const wasAcknowledged = ({ entry, timeline }: Told): boolean =>
  timeline.entries.findLast(({ n, kind }) => n < entry.n && ACKNOWLEDGEMENT.includes(kind))?.kind === 'acknowledged';

const severityRose: Write = (told) => {
  const { entry, incident, voice, detail } = told;
  // The entry names the alerts that raised it; a later rise or fall does not change what it says.
  const [worst] = alertsOf(told)
    .map(severityOf)
    .sort((a, b) => severityRank(b) - severityRank(a));
  const from = escapeLine(entry.from ?? '', detail.name);
  const name = escapeLine(worst ?? incident.severity, detail.name);
  const rose = `Severity rose${from === '' ? '' : ` from ${from}`}${name === '' ? '' : ` to ${name}`}`;
  return `⬆️ ${voice.strong(rose)}${wasAcknowledged(told) ? '; acknowledgement cleared' : ''}`;
};

const repeated: Write = ({ incident }) => {
  const firing = firingCount(incident);
  return `${styleOf(incident.severity).emoji} Still firing${firing === 0 ? '' : ` (${counted(firing, 'alert')})`}`;
};

const alertResolved: Write = (told) => {
  const { entry, incident, isLast } = told;
  const names = namesOf(told);
  const firing = isLast ? firingCount(incident) : 0;
  const what =
    entry.count === 1
      ? `${names || 'An alert'} resolved`
      : `${entry.count} alerts resolved${names === '' ? '' : `: ${names}`}`;
  return `${RESOLVED_STYLE.emoji} ${what}${firing === 0 ? '' : `, ${firing} still firing`}`;
};

const WRITERS: ReadonlyMap<string, Write> = new Map<string, Write>(
  Object.entries({
    opened,
    reopened,
    joined,
    refired,
    'severity-rose': severityRose,
    repeated,
    'alert-resolved': alertResolved,
    resolved: (told) => `${RESOLVED_STYLE.emoji} ${told.voice.strong('Resolved')}${byWhom(told)}`,
    acknowledged: (told) => `👀 Acknowledged${byWhom(told)}`,
    unacknowledged: (told) => `↩️ Unacknowledged${byWhom(told)}`,
    silenced: ({ entry, voice }) => silencedLine({ by: entry.actor, until: entry.until }, voice),
    'silence-ended': (told) => `🔔 Silence ended${byWhom(told)}`,
  } satisfies Record<EntryKind, Write>),
);
