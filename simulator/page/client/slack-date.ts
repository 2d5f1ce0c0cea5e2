/**
 * Fills a format of `<!date^…>` for a reader: https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 * Without a zone it is the reader's own.
 */
export function formatSlackDate(unixSeconds: number, format: string, now: Date, timeZone?: string): string {
  const date = new Date(unixSeconds * 1000);
  const as = (options: Intl.DateTimeFormatOptions, locale = 'en-US'): string =>
    new Intl.DateTimeFormat(locale, { ...options, ...(timeZone !== undefined && { timeZone }) }).format(date);
  const name = dayWord(date, now, timeZone);
  // At the start of the format a day's name is a capital, behind other words it is small.
  const day = format.startsWith('{') ? name : name?.toLowerCase();
  const thisYear = date.getFullYear() === now.getFullYear();
  const year: Intl.DateTimeFormatOptions = thisYear ? {} : { year: 'numeric' };
  const forms: Record<string, () => string> = {
    date_num: () => as({ year: 'numeric', month: '2-digit', day: '2-digit' }, 'en-CA'),
    date_slash: () => as({ year: 'numeric', month: '2-digit', day: '2-digit' }),
    date: () => as({ month: 'long', day: 'numeric', year: 'numeric' }),
    date_short: () => as({ month: 'short', day: 'numeric', year: 'numeric' }),
    date_long: () => as({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' }),
    date_pretty: () => day ?? as({ month: 'long', day: 'numeric', ...year }),
    date_short_pretty: () => day ?? as({ month: 'short', day: 'numeric', ...year }),
    date_long_pretty: () => day ?? as({ weekday: 'long', month: 'long', day: 'numeric', ...year }),
    time: () => as({ hour: 'numeric', minute: '2-digit' }),
    time_secs: () => as({ hour: 'numeric', minute: '2-digit', second: '2-digit' }),
    ago: () => ago(now.getTime() - date.getTime()),
  };
  return format.replaceAll(/\{(\w+)\}/g, (whole, name: string) => forms[name]?.() ?? whole);
}

/** The name of a day near today, as at the start of a sentence. */
export function dayWord(date: Date, now: Date, timeZone?: string): string | undefined {
  const days = dayNumber(now, timeZone) - dayNumber(date, timeZone);
  return { '0': 'Today', '1': 'Yesterday', '-1': 'Tomorrow' }[String(days)];
}

function dayNumber(date: Date, timeZone?: string): number {
  const zone = timeZone === undefined ? {} : { timeZone };
  const [year = 0, month = 1, day = 1] = new Intl.DateTimeFormat('en-CA', { ...zone, dateStyle: 'short' })
    .format(date)
    .split('-')
    .map(Number);
  return Math.round(Date.UTC(year, month - 1, day) / 86_400_000);
}

export function ago(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const units = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
  ] as const;
  for (const [size, name] of units) {
    const count = Math.floor(seconds / size);
    if (count >= 1) return `${count} ${name}${count === 1 ? '' : 's'} ago`;
  }
  return 'just now';
}
