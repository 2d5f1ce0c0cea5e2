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
  threadUrl: 'https://example.slack.com/archives/C0123456789/p1705329026000100',
  ...change,
});

const rawLines = (change: Partial<HomeIncident>): string =>
  JSON.stringify(homeView({ environment: 'x', open: [incident(change)], more: 0 }).blocks[1]);

test('lists what is open, in the order given', () => {
  const owner = { kind: 'slack', id: 'U0123ABCD' } as const;
  const open = [incident(), incident({ title: 'Disk <full>', severity: 'warning', status: 'acknowledged', owner })];
  const view = homeView({ environment: 'production', open, more: 0 });
  expect(viewFaults(view)).toEqual([]);
  expect(asRead(view)).toBe(
    [
      'Open incidents — production',
      '🚨 Database Critical Failure\nFiring · 2024-01-15 14:30:25 UTC · in <#C0123456789>',
      '⚠️ Disk <full>\n👀 Acknowledged by <@U0123ABCD> · 2024-01-15 14:30:25 UTC · in <#C0123456789>',
    ].join('\n\n'),
  );
});

test('a title leads to its thread, whatever it says', () => {
  const to = '*<https://example.slack.com/archives/C0123456789/p1705329026000100|';
  expect(rawLines({})).toContain(`${to}Database Critical Failure>*`);
  const title = 'a|b <https://evil.example|x> & <!here>\n> y';
  expect(rawLines({ title })).toContain(`${to}a¦b &lt;https://evil.example¦x&gt; &amp; &lt;!here&gt; &gt; y>*`);
  const view = homeView({ environment: 'x', open: [incident({ title })], more: 0 });
  expect(viewFaults(view)).toEqual([]);
});

test.each([null, 'javascript:alert(1)', 'https://'])('a thread at %j is not linked', (threadUrl) => {
  expect(rawLines({ threadUrl })).toContain('🚨 *Database Critical Failure*\\n');
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
