import { excerpt, hideTokens } from './excerpt.js';

const HEX = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b';
const ALNUM = 'Zx81kQpW3nLmR7tYv2cBdF5gHjK9sA0uEiO4wXyQ';

/** Each with the part of it that nobody may read. */
const TOKENS: readonly (readonly [text: string, secret: string])[] = [
  ['xoxb-1234567890-abc', '1234567890'],
  ['xapp-1-A0123-9876-fedc', 'A0123'],
  ['xoxp-11-22-33', '11-22-33'],
  ['xoxe.xoxb-1-Mi0yLTk', 'Mi0yLTk'],
  ['xoxe-1-My0xLTk', 'My0xLTk'],
  ['glsa_AbCdEf0123456789AbCdEf0123456789_0a1b2c3d', 'AbCdEf'],
  ['ghp_16C7e42F292c6912E7710c838347Ae178B4a', '16C7e42F'],
  ['glpat-abcDEF123456', 'abcDEF'],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_9', 'eyJzdWIi'],
  [HEX, '9f86d081'],
  [ALNUM, 'Zx81kQpW'],
  ['c2VjcmV0IG9mIHNvbWVib2R5IDEyMzQ1Njc4OTA=', 'c2VjcmV0'],
  ['Bearer short-one', 'short-one'],
  ['https://user:hunter2@example.com/x', 'hunter2'],
  ['redis://:hunter2@redis:6379/0', 'hunter2'],
];

/** What operators have to read. */
const PLAIN = [
  'INC-20260115143025-1a2b3c4d',
  'payment-service-7d9f8b6c5d-x2x4z',
  '#alerts',
  'C0123456789',
  '/var/lib/alert-threader/threads.json',
  'alertname|severity|service|cluster|production',
  '2024-01-15T14:30:25.123456789Z',
  '4bf92f35-77b3-4da6-a3ce-929d0e0e4736',
  'KubernetesPodCrashLooping2',
  'https://grafana.example.com/d/abc/x?orgId=1',
  'x'.repeat(200),
];

describe('hideTokens', () => {
  it.each(TOKENS)('hides what is secret in %s', (text, secret) => {
    expect(text).toContain(secret);
    for (const around of [text, `got "${text}" there`, `a=${text}`, `${text}\n`]) {
      expect(hideTokens(around)).toContain('[secret]');
      expect(hideTokens(around)).not.toContain(secret);
    }
  });

  it.each(PLAIN)('shows %s', (text) => {
    expect(hideTokens(text)).toBe(text);
  });
});

describe('excerpt', () => {
  it('shows a short text as it is, and cuts a long one at a whole character', () => {
    expect(excerpt('short', 5)).toBe('short');
    expect(excerpt('longer', 5)).toBe('longe…');
    expect(excerpt('🔥'.repeat(9), 3)).toBe('🔥…');
  });

  it.each(TOKENS)('never shows a part of %s, wherever the cut falls', (text, secret) => {
    for (let before = 0; before < 60; before++) {
      for (const after of ['', ' ', 'x'.repeat(3_000), '/'.repeat(3_000)]) {
        const shown = excerpt(`${'- '.repeat(before)}${text}${after}`, 40);
        expect(shown).not.toContain(secret);
        expect(shown.length).toBeLessThanOrEqual(41);
      }
    }
  });

  it('never shows a part of a token that begins where it no longer looks', () => {
    for (let before = 900; before < 1_100; before++) {
      const long = 'https://u:p4ss@h '.repeat(70).slice(0, before);
      expect(excerpt(`${long} ${ALNUM}`, 400)).not.toContain('Zx8');
    }
  });

  it.each(['://', 'x', 'a1', 'eyJ', '://a', 'Bearer '])('is quick with 10 MB of %j', (text) => {
    const long = text.repeat((10 * 2 ** 20) / text.length);
    const begin = performance.now();
    excerpt(long, 300);
    expect(performance.now() - begin).toBeLessThan(2_000);
  });
});
