import type { KnownBlock } from '@slack/types';
import type { Incident } from '../domain/incident.js';
import { section } from './blocks.js';
import { LIMITS } from './limits.js';
import type { RenderOptions, SlackMessage } from './message.js';
import { escapeLine } from './mrkdwn.js';
import { POSSIBLE_DUPLICATE, topLevelText } from './notification.js';
import { rootButtons } from './root-buttons.js';
import { RESOLVED_STYLE, styleOf } from './severity-style.js';

const MAX_TITLE = 150;
const MAX_ID = 60;
/** Where neither the alerts nor the incident can be told from. */
const LAST_RESORT = 'An alert';

const WHY = '(an error of Alert Threader; see its log)';

/**
 * In place of a message that could not be made: what can be told without the alerts, and that there is more. It must not
 * fail where a card does, so it takes nothing for granted.
 */
export const renderUnmade = (incident: Incident, kind: 'root' | 'reply', options: RenderOptions = {}): SlackMessage => {
  const title = attempt(() => titleOf(incident), LAST_RESORT);
  const what = kind === 'root' ? `its card could not be made ${WHY}` : `a reply could not be made ${WHY}`;
  const id = attempt(() => escapeLine(incident.id, MAX_ID), '');
  const duplicate = options.maybeDuplicate === true ? [POSSIBLE_DUPLICATE] : [];
  const lines = [`${title}: ${what}`, ...(id === '' ? [] : [`Incident: ${id}`]), ...duplicate];
  const text = topLevelText(lines, LIMITS.plainText);
  if (kind === 'reply' || options.plain === true) return { text };
  const buttons = attempt((): KnownBlock[] => rootButtons(incident, options.actions), []);
  return buttons.length === 0 ? { text } : { text, blocks: [section(text), ...buttons] };
};

/** `🚨 DiskFull · critical · db · default · production`: the thread key, which every incident has. */
const titleOf = ({ key, severity, status }: Incident): string => {
  const emoji =
    status === 'resolved' ? `${RESOLVED_STYLE.emoji} RESOLVED —` : attempt(() => styleOf(severity), styleOf('')).emoji;
  const parts = key.split('|').map((part) => part.replaceAll('%7C', '|'));
  return `${emoji} ${escapeLine(parts.join(' · '), MAX_TITLE) || LAST_RESORT}`;
};

const attempt = <T>(work: () => T, otherwise: T): T => {
  try {
    return work();
  } catch {
    return otherwise;
  }
};
