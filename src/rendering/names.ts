import type { Detail } from './detail.js';
import { escapeLine } from './mrkdwn.js';

/** `1 alert`, `2 alerts`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** `a, b +3 more`, escaped; empty when none of the names is visible. `total` counts those that were not named, too. */
export const nameList = (names: readonly string[], total: number, detail: Pick<Detail, 'name' | 'names'>): string => {
  const shown = names
    .slice(0, detail.names)
    .map((name) => escapeLine(name, detail.name))
    .filter((name) => name !== '');
  if (shown.length === 0) return '';
  const more = total - shown.length;
  return shown.join(', ') + (more > 0 ? ` +${more} more` : '');
};
