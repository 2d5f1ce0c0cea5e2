import fc from 'fast-check';
import { date, utc } from './date.js';
import { escapeLine, escapeText, link, pack } from './mrkdwn.js';
import { cleanLine, cleanText, cut } from './text.js';

describe('cutting', () => {
  test.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdefg', 6, 'abcde…'],
    ['abc 🔥🔥', 6, 'abc…'],
    ['ab🔥🔥', 4, 'ab…'],
    ['ab👩‍👩‍👧‍👦cd', 8, 'ab…'],
    ['abe\u0301cd', 4, 'ab…'],
    ['🇰🇷🇰🇷🇰🇷', 6, '🇰🇷…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
  ])('%j to %i is %j', (text, limit, expected) => {
    expect(cut(text, limit)).toBe(expected);
  });

  test('a grapheme without an end is cut at a code point', () => {
    const endless = cut(`a${'\u0301'.repeat(500)}`, 100);
    expect(endless).toHaveLength(100);
  });
});

describe('cleaning', () => {
  test.each([
    ['a\u0000b\u001Bc\u0085d\u202Ee\u2066f', 'abcdef'],
    ['a\r\nb\rc\u2028d\u2029e\n\tf', 'a b c d e f'],
    ['x\uD83Dy\uDE00z🔥', 'x\uFFFDy\uFFFDz🔥'],
    [' \u200B\u2060\u00AD ', ''],
  ])('%j as one line is %j', (raw, expected) => {
    expect(cleanLine(raw, 100)).toBe(expected);
  });

  test('at most two blank lines stay together', () => {
    expect(cleanText('\n\na\n \n\t\n\n\nb  \r\nc\n\n', 100)).toBe('a\n\n\nb\nc');
  });

  test('what lies beyond the reach is marked as cut', () => {
    expect(cleanLine(`a${' '.repeat(10_000)}b`, 100)).toBe('a…');
  });
});

describe('escaping', () => {
  test.each([
    ['a & <b> &amp;', 100, 'a &amp; &lt;b&gt; &amp;amp;'],
    ['&&&', 15, '&amp;&amp;&amp;'],
    ['&&&&', 15, '&amp;&amp;…'],
    ['&&&&', 16, '&amp;&amp;&amp;…'],
    ['ab<<<', 6, 'ab…'],
    ['<', 3, '…'],
  ])('%j to %i is %j', (raw, limit, expected) => {
    expect(escapeLine(raw, limit)).toBe(expected);
  });

  test('is exact when decoded, and within the limit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 60 }), (raw, limit) => {
        const escaped = escapeText(raw, limit);
        expect(escaped.length).toBeLessThanOrEqual(limit);
        const shown = escaped.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
        const clean = cleanText(raw, limit);
        if (shown !== clean) expect(clean.startsWith(shown.slice(0, -1))).toBe(true);
      }),
    );
  });
});

describe('links', () => {
  test.each([
    'ftp://x.example/',
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'mailto:a@b.example',
    '//x.example/',
    'x.example',
    'https://',
    'https://a@x.example',
    'https://a:b@x.example',
  ])('%j is none', (raw) => {
    expect(link(raw, 'label')).toBeNull();
  });

  test.each([
    [' HTTPS://X.example ', '<https://x.example/|label>'],
    ['https://x.example/ä?q=日本', '<https://x.example/%C3%A4?q=%E6%97%A5%E6%9C%AC|label>'],
    ['https://x.example/%7C?a=%26', '<https://x.example/%7C?a=%26|label>'],
    ['https://x.example/?a=1&lt;=2', '<https://x.example/?a=1&amp;lt;=2|label>'],
  ])('%j is %j', (raw, expected) => {
    expect(link(raw, 'label')).toBe(expected);
  });

  test('one that grows too long by encoding is none', () => {
    expect(link(`https://x.example/?${'&'.repeat(1000)}`, 'label')).toBeNull();
  });
});

test('packing keeps lines whole', () => {
  expect(pack(['aa', '', 'bb', 'cccc', 'toolong', 'd'], 5)).toEqual(['aa\nbb', 'cccc', 'd']);
});

describe('times', () => {
  test.each([
    [1705329025123, '<!date^1705329025^{date_short_pretty} at {time}|2024-01-15 14:30:25 UTC>'],
    [0, '<!date^0^{date_short_pretty} at {time}|1970-01-01 00:00:00 UTC>'],
    [-1000, '1969-12-31 23:59:59 UTC'],
    [Date.parse('0001-01-01T00:00:00Z'), null],
    [253402300800000, null],
    [Number.NaN, null],
    [Infinity, null],
  ])('%d', (ms, expected) => {
    expect(date(ms)).toBe(expected);
  });

  test('a word before it is in the markup, where Slack writes "today" small behind it', () => {
    expect(date(1705329025123, 'until')).toBe(
      '<!date^1705329025^until {date_short_pretty} at {time}|until 2024-01-15 14:30:25 UTC>',
    );
    expect(date(-1000, 'until')).toBe('until 1969-12-31 23:59:59 UTC');
    expect(utc(1705329025123, 'until')).toBe('until 2024-01-15 14:30:25 UTC');
    expect(date(Number.NaN, 'until')).toBeNull();
  });

  test('in UTC for plain text', () => {
    expect(utc(1705329025123)).toBe('2024-01-15 14:30:25 UTC');
  });
});
