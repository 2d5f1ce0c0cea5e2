import type { RootFacts } from '../domain/root-facts.js';
import { LIMITS } from './limits.js';
import { breakPings, escapeLine } from './mrkdwn.js';
import { nameList } from './names.js';
import { RESOLVED_STYLE, styleOf } from './severity-style.js';
import { escapedTitle } from './title.js';

const TITLE = 150;
const VALUE = 60;
const ONE_NAME = { name: 80, names: 1 };

export const POSSIBLE_DUPLICATE = 'Possible duplicate: Slack did not say whether this message had been posted before.';

/** `🚨 Database Critical Failure — db01.example.com (critical, production)`, escaped. */
export const headline = (facts: RootFacts): string => {
  const resolved = facts.status === 'resolved';
  const prefix = resolved ? `${RESOLVED_STYLE.emoji} RESOLVED — ` : `${styleOf(facts.severity).emoji} `;
  const where = nameList(facts.instances, facts.instances.length + facts.moreInstances, ONE_NAME);
  const what = [escapeLine(facts.severity, VALUE), escapeLine(facts.environment, VALUE)].filter((text) => text !== '');
  return (
    prefix +
    escapedTitle(facts, TITLE) +
    (where === '' ? '' : ` — ${where}`) +
    (what.length === 0 ? '' : ` (${what.join(', ')})`)
  );
};

/**
 * Top-level text of escaped lines: as many whole ones as fit, how many more there are, and nothing that a client could
 * read as a mention. `left`: happenings that the caller left out already.
 */
export const topLevelText = (lines: readonly string[], limit: number = LIMITS.notification, left = 0): string => {
  const safe = lines.filter((line) => line !== '').map(breakPings);
  for (let shown = safe.length; shown > 0; shown--) {
    const more = left + safe.length - shown;
    const text = [...safe.slice(0, shown), ...(more === 0 ? [] : [`+${more} more`])].join('\n');
    if (text.length <= limit) return text;
  }
  return 'Alert';
};

/** What a lock screen shows after the message's own text: the first of these untrusted texts that is visible. */
export const attachmentFallback = (...texts: readonly string[]): string => {
  for (const raw of texts) {
    const text = escapeLine(raw, TITLE);
    if (text !== '') return breakPings(text);
  }
  return 'Alert';
};
