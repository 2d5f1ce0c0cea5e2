export interface SeverityStyle {
  readonly color: string;
  readonly emoji: string;
}

/** The contract's table. Red, yellow, green and blue are Slack's own. */
const STYLES: ReadonlyMap<string, SeverityStyle> = new Map([
  ['critical', { color: '#E01E5A', emoji: '🚨' }],
  ['error', { color: '#E01E5A', emoji: '❌' }],
  ['warning', { color: '#ECB22E', emoji: '⚠️' }],
  ['info', { color: '#2EB67D', emoji: 'ℹ️' }],
  ['debug', { color: '#36C5F0', emoji: '🐛' }],
]);

export const RESOLVED_STYLE: SeverityStyle = { color: '#2EB67D', emoji: '✅' };

/** A severity that we do not know is neither alarming nor reassuring: grey. */
const OTHER: SeverityStyle = { color: '#868686', emoji: '📢' };

const LONGEST = 8;

/** Colour and emoji of a severity, in whatever case it is written. */
export const styleOf = (severity: string): SeverityStyle =>
  (severity.length <= LONGEST ? STYLES.get(severity.toLowerCase()) : undefined) ?? OTHER;
