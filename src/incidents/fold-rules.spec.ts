import { foldKey, foldOf, foldOfEnd, isFarFrom, type Crowding } from './fold-rules.js';

const MAX = 5_000;
const crowding = (change: Partial<Crowding>): Crowding => ({
  all: 0,
  inChannel: 0,
  open: 0,
  named: 0,
  openFolds: new Set(),
  ...change,
});

describe('a problem without an incident', () => {
  it.each<[string, Partial<Crowding>, boolean, string | undefined, string | undefined]>([
    ['has a thread of its own', {}, false, undefined, undefined],
    ['has one though its name has thousands', { named: 4_999, open: 4_999 }, false, undefined, undefined],
    ['has one in a full channel while its name has few', { named: 100, open: 9_999 }, false, undefined, undefined],
    ['folds in a full channel when its name has many', { named: 101, open: 5_000 }, false, 'A', 'too-many-of-a-name'],
    ['has one while those that are over are as many', { named: 101, inChannel: 9_999 }, false, undefined, undefined],
    ['folds when there are twice as many', { named: 101, inChannel: 10_000 }, false, 'A', 'too-many-of-a-name'],
    ['folds as long as a fold of its name is open', { openFolds: new Set(['A']) }, false, 'A', 'fold-is-open'],
    ['does not care for folds of other names', { openFolds: new Set(['B', '']) }, false, undefined, undefined],
    ['folds with any name with three times as many', { inChannel: 15_000 }, false, '', 'too-many-in-channel'],
    ['… unless it is critical', { inChannel: 19_999 }, true, undefined, undefined],
    ['… and with four times as many then', { inChannel: 20_000 }, true, '', 'too-many-in-channel'],
    ['folds with any name when all channels together are full', { all: 25_000 }, true, '', 'too-many'],
  ])('%s', (_, change, isCritical, alertname, reason) => {
    const decision = foldOf('A', isCritical, crowding(change), MAX);
    expect([decision?.alertname, decision?.reason]).toEqual([alertname, reason]);
  });

  it('without a name has no fold of its own', () => {
    expect(foldOf('', false, crowding({ named: 500, open: 6_000, openFolds: new Set(['']) }), MAX)).toBeUndefined();
  });
});

describe('a channel', () => {
  it.each<[string, Parameters<typeof isFarFrom>[0], boolean]>([
    ['with few incidents', { open: 3_998, inChannel: 7_998, all: 19_998 }, true],
    ['with many open ones', { open: 3_999, inChannel: 3_999, all: 3_999 }, false],
    ['with many that are over', { open: 0, inChannel: 7_999, all: 7_999 }, false],
    ['beside many others', { open: 0, inChannel: 0, all: 19_999 }, false],
  ])('%s', (_, counts, isFar) => {
    expect(isFarFrom(counts, 1, MAX)).toBe(isFar);
  });
});

describe('the end of a problem', () => {
  it('is looked for in the fold of its name, then in that of any name', () => {
    expect(foldOfEnd('A', new Set(['A', '']))).toBe('A');
    expect(foldOfEnd('B', new Set(['A', '']))).toBe('');
    expect(foldOfEnd('B', new Set(['A']))).toBeUndefined();
  });
});

it('the key of a fold has other parts than that of a problem', () => {
  expect(foldKey('Request|Slow', 'production')).toBe('Request%7CSlow|folded|production');
});
