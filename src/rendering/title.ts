import type { RootFacts } from '../domain/root-facts.js';
import { LIMITS } from './limits.js';
import { escapeLine, plainLine } from './mrkdwn.js';

type Titled = Pick<RootFacts, 'title' | 'alertname'>;

const LAST_RESORT = 'Alert';

/** For `plain_text`, behind a prefix of ours. */
export const plainTitle = (prefix: string, { title, alertname }: Titled): string => {
  const room = LIMITS.header - prefix.length;
  return prefix + (plainLine(title, room) || plainLine(alertname, room) || LAST_RESORT);
};

export const escapedTitle = ({ title, alertname }: Titled, limit: number): string =>
  escapeLine(title, limit) || escapeLine(alertname, limit) || LAST_RESORT;
