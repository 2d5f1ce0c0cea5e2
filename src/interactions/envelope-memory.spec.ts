import { ManualClock } from '../../test/support/manual-clock.js';
import { EnvelopeMemory } from './envelope-memory.js';

const MINUTE = 60_000;

test('a repeat within 10 minutes gets the same answer, and nothing is done again', async () => {
  const clock = new ManualClock();
  const memory = new EnvelopeMemory(clock);
  let handled = 0;
  const handle = (...ids: string[]) =>
    memory.once(ids, () => Promise.resolve({ response_action: 'errors', n: ++handled }));
  const first = await handle('event', 'envelope');
  expect(await handle('event', 'another')).toBe(first);
  clock.jump(5 * MINUTE);
  expect(await handle('envelope')).toBe(first);
  expect(await handle('else')).toMatchObject({ n: 2 });
  clock.jump(5 * MINUTE + 1);
  expect(await handle('envelope')).toMatchObject({ n: 3 });
  expect(await handle('else')).toMatchObject({ n: 2 });
});
