import { homeView, type HomeIncident } from './home.js';
import { STARTED } from './messages.fixture.js';
import { asRead } from './read-slack.fixture.js';
import { viewFaults } from './slack-rules.fixture.js';

const incident = (change: Partial<HomeIncident> = {}): HomeIncident => ({
  title: 'Database Critical Failure',
  severity: 'critical',
  status: 'firing',
  owner: null,
  since: STARTED,
  channel: 'C0123456789',
  ...change,
});

test('lists what is open, in the order given', () => {
  const owner = { kind: 'slack', id: 'U0123ABCD' } as const;
  const open = [incident(), incident({ title: 'Disk <full>', severity: 'warning', status: 'acknowledged', owner })];
  const view = homeView({ environment: 'production', open, more: 0 });
  expect(viewFaults(view)).toEqual([]);
  expect(asRead(view)).toBe(
    [
      'Open incidents — production',
      '🚨 Database Critical Failure\nFiring · since 2024-01-15 14:30:25 UTC · in <#C0123456789>',
      '⚠️ Disk <full>\n👀 Acknowledged by <@U0123ABCD> · since 2024-01-15 14:30:25 UTC · in <#C0123456789>',
    ].join('\n\n'),
  );
});

test('nothing is open', () => {
  expect(asRead(homeView({ environment: '', open: [], more: 0 }))).toBe('Open incidents\n\nNo open incidents.');
});

test('at most 20, the others are counted', () => {
  const open = Array.from({ length: 23 }, (_, i) => incident({ title: `Disk ${i}` }));
  const view = homeView({ environment: 'production', open, more: 7 });
  expect(viewFaults(view)).toEqual([]);
  expect(view.blocks).toHaveLength(22);
  expect(asRead(view)).toMatch(/Disk 19\n.*\n\n10 more open incidents not shown$/);
});

test('what is no channel or no time is left out', () => {
  const open = [incident({ channel: '!here', since: Number.NaN, title: '\u200B' })];
  expect(asRead(homeView({ environment: 'x', open, more: 0 }))).toMatch(/🚨 Alert\nFiring$/);
});
