import type { Config } from '../config/config.js';
import { Secret } from '../config/secret.js';
import { TOKEN_PATTERN } from '../domain/excerpt.js';

/** A text that was cut is marked so; it may have been cut within a secret. */
const CUT = '…';
/** No line shows more of a text that was cut; and a pattern has its limits. */
const LONGEST_CUT = 300;
/** Characters of a secret that are enough to know a cut one by. */
const SHORTEST_CUT = 8;

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** The secret as JSON spells it, whole, or cut after eight characters or later. */
const patternOf = (secret: Secret): string => {
  const spelt = JSON.stringify(secret.reveal()).slice(1, -1);
  const begin = spelt.slice(0, SHORTEST_CUT);
  const rest = Array.from(spelt.slice(SHORTEST_CUT, LONGEST_CUT)).reduceRight(
    (later, one) => `(?:${escaped(one)}${later})?`,
    '',
  );
  return spelt.length > SHORTEST_CUT ? `${escaped(spelt)}|${escaped(begin)}${rest}(?=${CUT})` : escaped(spelt);
};

/** Takes our tokens, and whatever is made like a known one, out of a log line. The last net: no line should hold one. */
export const redactor = (config: Config): ((line: string) => string) => {
  const ours = Object.values(config).filter((value): value is Secret => value instanceof Secret);
  const pattern = new RegExp([TOKEN_PATTERN, ...ours.map(patternOf)].join('|'), 'g');
  return (line) => line.replace(pattern, String(new Secret('')));
};
