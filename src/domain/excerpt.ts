const HIDDEN = '[secret]';

/** Beginnings that makers of tokens chose so that they are found: Slack, Grafana, GitHub, GitLab, Vault, npm, AWS, JWT. */
export const TOKEN_PATTERN = [
  String.raw`x(?:oxe\.)?(?:ox[a-z]|app)-[\w.-]+`,
  String.raw`(?:glsa|glc|gh[opsur]|github_pat|npm)_[\w-]+`,
  String.raw`(?:glpat-|hvs\.|AKIA)[\w.-]{8,}`,
  String.raw`eyJ[\w-]{5,}\.[\w.-]*`,
].join('|');

/** Who logs in at an address, up to the last `@` of it. */
const CREDENTIALS = String.raw`(?<=://)[^\s"'<>]{1,500}@`;
const BEARER = String.raw`(?<=\bBearer )[\x21-\x7e]{4,}`;
/** Base64, hex and the like: long, with letters and digits, and no word, id or name of a pod. */
const RANDOM = [
  String.raw`(?<![A-Za-z\d+])(?=[A-Za-z+]{0,500}\d)(?=[\d+]{0,500}[A-Za-z])[A-Za-z\d+]{32,}={0,2}`,
  String.raw`(?<![A-Za-z\d+/])(?=(?:[A-Za-z+/]{0,40}\d){3})(?=[a-z\d+/]{0,60}[A-Z])(?=[A-Z\d+/]{0,60}[a-z])[A-Za-z\d+/]{20,}={0,2}`,
].join('|');

const SECRETS = new RegExp([TOKEN_PATTERN, CREDENTIALS, BEARER, RANDOM].join('|'), 'g');

/** Takes what looks like a token or a password out of a text that others wrote. For texts of a few thousand characters. */
export const hideTokens = (text: string): string =>
  text.replace(SECRETS, (found) => (found.endsWith('@') ? `${HIDDEN}@` : HIDDEN));

/** So much is read beyond what is shown, UTF-16 units: an address with its password fits, as does any token. */
const LOOK_BEYOND = 600;

/**
 * The beginning of a text that others wrote, for an error or the log. Tokens are hidden before the cut: half of one is no
 * longer recognised, and enough to guess the rest. @param most UTF-16 units shown, without the `…` of a cut
 */
export const excerpt = (text: string, most: number): string => {
  const read = text.slice(0, most + LOOK_BEYOND);
  const safe = hideTokens(read);
  if (safe.length <= most && read === text) return safe;
  // What was read may end within a token, so its end is never shown, however much was hidden before.
  const cut = safe.slice(0, read === text ? most : Math.max(0, Math.min(most, safe.length - LOOK_BEYOND)));
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
};
