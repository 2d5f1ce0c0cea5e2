import { header, notes, plainNote, section } from './blocks.js';
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
  const half = Array.from({ length: 2 }, () => section('x'.repeat(2990)));
  expect(fits({ text: 'x', blocks: half })).toBe(true);
  expect(fits({ text: 'x', blocks: half, attachments: [{ blocks: half }] })).toBe(false);
});

test('what is small and grey goes into as many blocks as it needs', () => {
  const blocks = notes(Array.from({ length: 5 }, () => 'x'.repeat(900)));
  expect(blocks.map(({ elements: [text] }) => JSON.stringify(text).match(/x/g)?.length)).toEqual([1801, 1801, 901]);
  expect(JSON.stringify(plainNote('x'.repeat(3000))).match(/x{1999}…/)).not.toBeNull();
});

test('the most detailed message that fits is taken', () => {
  const message = fit(({ description }) => ({ text: 'x', blocks: [section('d'.repeat(description * 5))] }));
  expect(JSON.stringify(message)).toContain('d'.repeat(1500 * 5));
  expect(JSON.stringify(message)).not.toContain('d'.repeat(2900 * 5));
});

test('what never fits is sent as text', () => {
  const blocks = [header('x'.repeat(13_000))];
  expect(fit(() => ({ text: 'short', blocks }))).toEqual({ text: 'short' });
});
