import type { HomeView, KnownBlock } from '@slack/types';
import type { Actor, IncidentStatus } from '../domain/incident.js';
import { header, notes, section } from './blocks.js';
import { LIMITS } from './limits.js';
import { escapeLine, link, plainLine } from './mrkdwn.js';
import { counted } from './names.js';
import { styleOf } from './severity-style.js';
import { TO_ONE_READER } from './voice.js';

/** Incidents listed; more are counted. */
const MOST = 20;
const MAX_TITLE = 150;
const CHANNEL = /^[CG][A-Z0-9]{7,30}$/;

export interface HomeIncident {
  /** Untrusted. */
  readonly title: string;
  readonly severity: string;
  readonly status: IncidentStatus;
  /** Who acknowledged it; null: nobody. */
  readonly owner: Actor | null;
  /** When the problem began, epoch milliseconds. */
  readonly since: number;
  /** Channel id of its thread. */
  readonly channel: string;
  /** Where Slack shows its thread; null: not known, or not there yet. */
  readonly threadUrl: string | null;
}

export interface Home {
  readonly environment: string;
  /** Worst first. */
  readonly open: readonly HomeIncident[];
  /** Open incidents beside those given. */
  readonly more: number;
}

/** The App Home: what is open now. */
export const homeView = ({ environment, open, more }: Home): HomeView => {
  const listed = open.slice(0, MOST);
  const left = more + open.length - listed.length;
  return {
    type: 'home',
    blocks: [title(environment), ...(listed.length > 0 || left > 0 ? list(listed, left) : EMPTY)],
  };
};

const EMPTY: KnownBlock[] = [section('No open incidents.')];

const PREFIX = 'Open incidents';

const title = (environment: string): KnownBlock => {
  const name = plainLine(environment, LIMITS.header - PREFIX.length - 3);
  return header(name === '' ? PREFIX : `${PREFIX} — ${name}`);
};

const list = (listed: readonly HomeIncident[], left: number): KnownBlock[] => [
  ...listed.map((incident) => section(lines(incident))),
  ...notes(left > 0 ? [`${counted(left, 'more open incident')} not shown`] : []),
];

const lines = (incident: HomeIncident): string => {
  const began = TO_ONE_READER.time(incident.since);
  const below = [
    status(incident),
    ...(began === null ? [] : [began]),
    ...(CHANNEL.test(incident.channel) ? [`in <#${incident.channel}>`] : []),
  ];
  return `${styleOf(incident.severity).emoji} ${TO_ONE_READER.strong(name(incident))}\n${below.join(' · ')}`;
};

const name = ({ title: raw, threadUrl }: HomeIncident): string => {
  const text = escapeLine(raw, MAX_TITLE) || 'Alert';
  return link(threadUrl ?? undefined, text) ?? text;
};

const STATUS: Readonly<Record<IncidentStatus, string>> = {
  firing: 'Firing',
  acknowledged: '👀 Acknowledged',
  resolved: 'Resolved',
};

const status = ({ status: is, owner }: HomeIncident): string =>
  is === 'acknowledged' && owner !== null ? `${STATUS[is]} by ${TO_ONE_READER.person(owner)}` : STATUS[is];
