import type { Actor } from '../domain/incident.js';
import { date, utc, type TimeWord } from './date.js';
import { breakPings, escapeLine } from './mrkdwn.js';

/** How people, times and stress are written where a text goes. Everything is returned as safe mrkdwn. */
export interface Voice {
  readonly person: (actor: Actor) => string;
  /** Null for what is no time. The word, where one stands before it, comes with it. */
  readonly time: (ms: number, word?: TimeWord) => string | null;
  readonly strong: (text: string) => string;
}

const SLACK_USER = /^[UW][A-Z0-9]{2,30}$/;
const MAX_NAME = 80;
const SOMEONE = 'someone';

const named = (actor: Actor): string => escapeLine(actor.id, MAX_NAME) || SOMEONE;

/** Whether a card shows this person as a mention. */
export const isMention = (actor: Actor | null | undefined): boolean =>
  actor?.kind === 'slack' && SLACK_USER.test(actor.id);

/** Inside an attachment, where a mention notifies nobody. */
export const IN_ATTACHMENT: Voice = {
  person: (actor) => (isMention(actor) ? `<@${actor.id}>` : named(actor)),
  time: date,
  strong: (text) => `*${text}*`,
};

/** An ephemeral message, a form or the App Home: it has one reader, and a mention notifies nobody. */
export const TO_ONE_READER: Voice = {
  ...IN_ATTACHMENT,
  person: (actor) => (isMention(actor) ? `<@${actor.id}>` : breakPings(named(actor))),
};

/** Top-level text: a mention would notify, and a bare user id tells nobody anything. */
export const IN_TEXT: Voice = {
  person: (actor) => (isMention(actor) ? `${SOMEONE} in Slack` : named(actor)),
  time: utc,
  strong: (text) => text,
};
