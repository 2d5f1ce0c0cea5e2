import { fits, LIMITS } from './limits.js';
import type { SlackMessage } from './message.js';

/** How much of each text a message shows, in characters after escaping. */
export interface Detail {
  /** Description of the card. */
  readonly description: number;
  /** Description below a line of a reply. */
  readonly body: number;
  /** Action taken, root cause. */
  readonly note: number;
  /** One label's value. */
  readonly name: number;
  /** Names in a list; more are counted. */
  readonly names: number;
  /** Summary in a line. */
  readonly summary: number;
  /** Longest link. */
  readonly link: number;
  /** Links to dashboard, panel and source. */
  readonly sources: boolean;
  /** Lines of a reply; quiet ones go first. */
  readonly lines: number;
}

const FULL: Detail = {
  description: 2900,
  body: 1500,
  note: 1000,
  name: 120,
  names: 10,
  summary: 150,
  link: LIMITS.link,
  sources: true,
  lines: 30,
};

/** For text without blocks. */
export const PLAIN: Detail = { ...FULL, body: 0, note: 200, name: 80, names: 3, summary: 120 };

/** Tried in turn until the message fits: descriptions shrink first, severity and title stay to the end. */
const DETAILS: readonly Detail[] = [
  FULL,
  { ...FULL, description: 1500, body: 600 },
  { ...FULL, description: 500, body: 200 },
  { ...FULL, description: 150, body: 80, note: 500, names: 5, sources: false },
  {
    ...FULL,
    description: 0,
    body: 0,
    note: 200,
    name: 60,
    names: 3,
    summary: 80,
    link: 500,
    sources: false,
    lines: 20,
  },
  { ...FULL, description: 0, body: 0, note: 100, name: 40, names: 1, summary: 60, link: 0, sources: false, lines: 8 },
];

/** The most detailed message that Slack takes. */
export const fit = (build: (detail: Detail) => SlackMessage): SlackMessage => {
  let text = '';
  for (const detail of DETAILS) {
    const message = build(detail);
    if (fits(message)) return message;
    text = message.text;
  }
  return { text };
};
