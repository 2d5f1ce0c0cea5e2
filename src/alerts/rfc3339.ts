const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const ZERO = 48;

/** The number that `count` digits from `at` make; NaN where there is anything else. */
const digits = (text: string, at: number, count: number): number => {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
};

/** Minutes east of UTC that the text names from `at` to its end: `Z`, `+09:00`, or nothing (UTC); NaN otherwise. */
const offsetMinutes = (text: string, at: number): number => {
  if (at === text.length) return 0;
  const sign = text[at];
  if (sign === 'Z' || sign === 'z') return at + 1 === text.length ? 0 : NaN;
  if ((sign !== '+' && sign !== '-') || text.length !== at + 6 || text[at + 3] !== ':') return NaN;
  const hours = digits(text, at + 1, 2);
  const minutes = digits(text, at + 4, 2);
  if (!(hours < 24 && minutes < 60)) return NaN;
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes);
};

/**
 * Epoch milliseconds of an RFC 3339 time, cut (not rounded) to the millisecond; NaN for anything else. A time without an
 * offset counts as UTC. By hand, since Date.parse takes much that is no RFC 3339 and a pattern before it costs twice as much.
 */
export const parseRfc3339 = (text: string): number => {
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  const separator = text[10];
  if (text[4] !== '-' || text[7] !== '-' || text[13] !== ':' || text[16] !== ':') return NaN;
  if (separator !== 'T' && separator !== 't' && separator !== ' ') return NaN;
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= (DAYS[month - 1] ?? 0))) return NaN;
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return NaN;
  let at = 19;
  let ms = 0;
  if (text[at] === '.') {
    let scale = 100;
    const first = ++at;
    for (; at < text.length; at++) {
      const digit = text.charCodeAt(at) - ZERO;
      if (!(digit >= 0 && digit <= 9)) break;
      if (scale >= 1) ms += digit * scale;
      scale /= 10;
    }
    if (at === first) return NaN;
  }
  const offset = offsetMinutes(text, at);
  if (day > 28 && new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return NaN; // 30 February
  // Date.UTC reads the years 0 to 99 as 19xx; whoever means them (Go's zero time) means "no time".
  return year < 100
    ? Number.isNaN(offset)
      ? NaN
      : 0
    : Date.UTC(year, month - 1, day, hour, minute - offset, second, ms);
};
