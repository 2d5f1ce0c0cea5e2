import { ago, dayWord, formatSlackDate } from './slack-date.js';

const AT = Date.UTC(2026, 10, 21, 23, 30, 5);
const unix = AT / 1000;
const later = (hours: number) => new Date(AT + hours * 3_600_000);
const show = (format: string, now = later(240), zone = 'UTC') =>
  formatSlackDate(unix, format, now, zone).replaceAll('\u202f', ' ');

it.each([
  ['{date_num}', '2026-11-21'],
  ['{date_slash}', '11/21/2026'],
  ['{date}', 'November 21, 2026'],
  ['{date_short}', 'Nov 21, 2026'],
  ['{date_long}', 'Saturday, November 21, 2026'],
  ['{date_short_pretty} at {time}', 'Nov 21 at 11:30 PM'],
  ['until {date_short_pretty} at {time}', 'until Nov 21 at 11:30 PM'],
  ['{time_secs}', '11:30:05 PM'],
  ['{ago}', '10 days ago'],
  ['at {time}, {unknown}', 'at 11:30 PM, {unknown}'],
])('fills %s', (format, shown) => {
  expect(show(format)).toBe(shown);
});

it('names days near today in the reader’s zone', () => {
  expect(show('{date_pretty}', later(0.2))).toBe('Today');
  expect(show('{date_pretty}', later(1))).toBe('Yesterday');
  expect(show('{date_pretty}', later(1), 'America/New_York')).toBe('Today');
  expect(show('{date_short_pretty} at {time}', later(1))).toBe('Yesterday at 11:30 PM');
  expect(show('until {date_short_pretty} at {time}', later(0.2))).toBe('until today at 11:30 PM');
  expect(show('{date_num} {time}', later(1), 'Asia/Seoul')).toBe('2026-11-22 8:30 AM');
  expect(dayWord(later(24), later(0), 'UTC')).toBe('Tomorrow');
});

it('leaves the year out only in the same year', () => {
  expect(show('{date_short_pretty}', later(24 * 100))).toBe('Nov 21, 2026');
});

it.each([
  [0, 'just now'],
  [60_000, '1 minute ago'],
  [7_300_000, '2 hours ago'],
])('%d ms is %s', (ms, shown) => {
  expect(ago(ms)).toBe(shown);
});
