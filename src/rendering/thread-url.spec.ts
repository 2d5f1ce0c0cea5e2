import { threadUrl } from './thread-url.js';

const TS = '1705329026.000100';

test('leads to the first message of the thread', () => {
  expect(threadUrl('https://example.slack.com/', 'C0123456789', TS)).toBe(
    'https://example.slack.com/archives/C0123456789/p1705329026000100',
  );
});

test.each([
  ['no workspace', undefined, 'C0123456789', TS],
  ['no thread yet', 'https://example.slack.com/', 'C0123456789', null],
  ['a channel that is none', 'https://example.slack.com/', '../C0123456789', TS],
  ['a ts that is none', 'https://example.slack.com/', 'C0123456789', '1/2'],
])('%s: nowhere', (_name, workspaceUrl, channel, ts) => {
  expect(threadUrl(workspaceUrl, channel, ts)).toBeNull();
});
