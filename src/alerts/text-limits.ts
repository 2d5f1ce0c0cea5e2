/** Longest label or annotation that is kept, UTF-16 units: Slack shows 3,000 characters of a text. */
export const MAX_VALUE = 8_000;
/** Labels, or annotations, kept of one alert; Prometheus' own samples rarely have 30. */
export const MAX_ENTRIES = 100;
/** Longest name, UTF-16 units; longer ones are left out. */
export const MAX_NAME = 200;
