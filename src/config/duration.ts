const MS_PER = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g;
const DURATION = new RegExp(`^(?:${PART.source})+$`);

/** Milliseconds of `500ms`, `30m`, `1h30m`, `30d` or `0`; NaN for anything else. */
export const parseDuration = (text: string): number => {
  if (text === '0') return 0;
  if (!DURATION.test(text)) return NaN;
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(PART)) ms += Number(amount) * MS_PER[unit as keyof typeof MS_PER];
  return Math.round(ms);
};

/** The same the other way round, for people: `4h`, `1h30m`. */
export const formatDuration = (ms: number): string => {
  let left = ms;
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const amount = Math.floor(left / MS_PER[unit]);
    left -= amount * MS_PER[unit];
    if (amount > 0) text += `${amount}${unit}`;
  }
  return text === '' ? '0' : text;
};
