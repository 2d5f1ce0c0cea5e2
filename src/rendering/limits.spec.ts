import { header, plainNote } from './blocks.js';
import { fit } from './detail.js';
import { fits } from './limits.js';

const block = plainNote('x');

test.each([
  [50, 0, true],
  [51, 0, false],
  [10, 40, true],
  [10, 41, false],
])('%i blocks and %i in attachments: %s', (top, attached, expected) => {
  const blocks = Array.from({ length: top }, () => block);
  const attachments = Array.from({ length: attached }, () => ({ blocks: [block] }));
  expect(fits({ text: 'x', blocks, attachments })).toBe(expected);
});

test('all blocks together count, those of attachments too', () => {
  const half = Array.from({ length: 2 }, () => plainNote('x'.repeat(2990)));
  expect(fits({ text: 'x', blocks: half })).toBe(true);
  expect(fits({ text: 'x', blocks: half, attachments: [{ blocks: half }] })).toBe(false);
});

test('the most detailed message that fits is taken', () => {
  const message = fit(({ description }) => ({ text: 'x', blocks: [plainNote('d'.repeat(description * 5))] }));
  expect(JSON.stringify(message)).toContain('d'.repeat(1500 * 5));
  expect(JSON.stringify(message)).not.toContain('d'.repeat(2900 * 5));
});

test('what never fits is sent as text', () => {
  const blocks = [header('x'.repeat(13_000))];
  expect(fit(() => ({ text: 'short', blocks }))).toEqual({ text: 'short' });
});
