import type { RootFacts } from '../domain/root-facts.js';
import { header, plainNote } from './blocks.js';
import { cardBlocks } from './card.js';
import { fit } from './detail.js';
import { LIMITS } from './limits.js';
import type { RenderOptions, SlackMessage } from './message.js';
import { escapeLine } from './mrkdwn.js';
import { attachmentFallback, headline, POSSIBLE_DUPLICATE, topLevelText } from './notification.js';
import { RESOLVED_STYLE, styleOf } from './severity-style.js';
import { stateLines, statusLines } from './status-lines.js';
import { rootButtons } from './root-buttons.js';
import { plainTitle } from './title.js';
import { IN_TEXT } from './voice.js';

const PLAIN_DESCRIPTION = 300;

/** The thread's first message: always the incident's present state. */
export const renderRoot = (facts: RootFacts, options: RenderOptions = {}): SlackMessage => {
  const duplicate = options.maybeDuplicate === true ? [POSSIBLE_DUPLICATE] : [];
  if (options.plain === true) {
    const description = escapeLine(facts.description, PLAIN_DESCRIPTION);
    const lines = [...stateLines(facts, IN_TEXT), ...statusLines(facts, IN_TEXT), description];
    return { text: topLevelText([headline(facts), ...duplicate, ...lines], LIMITS.plainText) };
  }
  const { emoji, color } = facts.status === 'resolved' ? RESOLVED_STYLE : styleOf(facts.severity);
  const text = topLevelText([headline(facts)]);
  const fallback = attachmentFallback(facts.description, facts.alertname);
  // Not in the attachment: Slack folds a long one, and a thumb must find the buttons.
  const buttons = rootButtons(facts, options.actions);
  return fit((detail) => ({
    text,
    blocks: [header(plainTitle(`${emoji} `, facts)), ...buttons, ...duplicate.map(plainNote)],
    attachments: [{ color, fallback, blocks: cardBlocks(facts, detail) }],
  }));
};
