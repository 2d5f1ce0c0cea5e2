/** 0002-01-01: Alertmanager writes year 1 for "never". */
const FIRST = Date.parse('0002-01-01T00:00:00Z');
/** 9999-12-31, the last day with a four-digit year. */
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/** `2024-01-15 14:30:25 UTC`, or null for what is no time. */
export const utc = (ms: number): string | null => {
  if (!(ms >= FIRST && ms <= LAST)) return null;
  const iso = new Date(ms).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
};

/** A time that Slack shows to each reader in their own zone; plain UTC before 1970, null for what is no time. */
export const date = (ms: number): string | null => {
  const text = utc(ms);
  if (text === null || ms < 0) return text;
  return `<!date^${Math.floor(ms / 1000)}^{date_short_pretty} {time}|${text}>`;
};
