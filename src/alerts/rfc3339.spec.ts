import fc from 'fast-check';
import { parseRfc3339 } from './rfc3339.js';

describe('parseRfc3339', () => {
  it.each([
    ['2026-11-21T19:53:15.687353847Z', '2026-11-21T19:53:15.687Z'],
    ['2026-11-21T19:53:15Z', '2026-11-21T19:53:15.000Z'],
    ['2026-11-21T19:53:15.5Z', '2026-11-21T19:53:15.500Z'],
    ['2026-11-21t19:53:15z', '2026-11-21T19:53:15.000Z'],
    ['2026-11-21 19:53:15+09:00', '2026-11-21T10:53:15.000Z'],
    ['2026-01-01T00:30:00-03:30', '2026-01-01T04:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2024-01-15T14:30:25.123456', '2024-01-15T14:30:25.123Z'],
  ])('%s is %s', (text, expected) => {
    expect(new Date(parseRfc3339(text)).toISOString()).toBe(expected);
  });

  it("takes Go's zero time as no time", () => {
    expect(parseRfc3339('0001-01-01T00:00:00Z')).toBe(0);
  });

  it.each([
    '',
    'yesterday',
    'March 7',
    '1705329025',
    '2026-11-21',
    '2026-11-21T19:53Z',
    '2026-13-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21T19:60:00Z',
    '2026-11-21T19:53:15.Z',
    '2026-11-21T19:53:15Zjunk',
    '2026-11-21T19:53:15+0900',
    '2026-11-21T19:53:15+24:00',
    '2026-11-21X19:53:15Z',
    '+026-11-21T19:53:15Z',
    '0001-01-01T00:00:00Zjunk',
  ])('refuses %j', (text) => {
    expect(parseRfc3339(text)).toBeNaN();
  });

  it('reads every date as JavaScript writes it', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          expect(parseRfc3339(date.toISOString())).toBe(date.getTime());
        },
      ),
    );
  });
});
