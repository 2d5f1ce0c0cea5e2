/** 0002-01-01: Alertmanager writes year 1 for "never". */
const FIRST = Date.parse('0002-01-01T00:00:00Z');
/** 9999-12-31, the last day with a four-digit year. */
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/** A word that stands before a time within a sentence. */
export type TimeWord = 'until';

const behind = (word: TimeWord | undefined, time: string): string => (word === undefined ? time : `${word} ${time}`);

/** `2024-01-15 14:30:25 UTC`, or null for what is no time. */
export const utc = (ms: number, word?: TimeWord): string | null => {
  if (!(ms >= FIRST && ms <= LAST)) return null;
  const iso = new Date(ms).toISOString();
  return behind(word, `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`);
};

/**
 * A time that Slack shows to each reader in their own zone: "Today at 4:30 PM", "until today at 4:30 PM".
 * Plain UTC before 1970, null for what is no time.
 */
export const date = (ms: number, word?: TimeWord): string | null => {
  const text = utc(ms, word);
  if (text === null || ms < 0) return text;
  // The word is in the format, since a day's name is a capital at its start and small behind a word.
  return `<!date^${Math.floor(ms / 1000)}^${behind(word, '{date_short_pretty} at {time}')}|${text}>`;
};
