import { excerpt, hideTokens } from '../domain/excerpt.js';

const MAX_FOUND = 80;
const NOT_SHOWN = 'a value not shown here';

const HOLDS_SECRET = /(TOKEN|PASSWORD|SECRET|KEY|CREDENTIALS)$|^REDIS_URL$/;
/** A shorter secret says nothing where it is a part of a longer text. */
const SHORTEST_PART = 6;

/** What the variables hold that are secret by their names: ours, and whatever else the environment has. */
export const secretsOf = (given: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(given)
    .filter(([variable]) => HOLDS_SECRET.test(variable))
    .map(([, text]) => text);

/**
 * What a variable holds, for people; never a token or a password, nor an address that may hold one, be it by mistake: a
 * token pasted into another variable is the usual one.
 * @param secrets what other variables hold, that is not shown here either
 */
export const found = (variable: string, text: string | undefined, secrets: readonly string[]): string => {
  if (text === undefined) return 'nothing';
  if (/_(TOKEN|PASSWORD)$/.test(variable)) return NOT_SHOWN;
  if (variable.endsWith('_URL') && /[@?#]/.test(text)) return NOT_SHOWN;
  if (hideTokens(text) !== text) return NOT_SHOWN;
  const holds = (secret: string): boolean =>
    text === secret || (secret.length >= SHORTEST_PART && text.includes(secret));
  return secrets.some(holds) ? NOT_SHOWN : JSON.stringify(excerpt(text, MAX_FOUND));
};
