import { OrderedIds } from './ordered-ids.js';

describe('OrderedIds', () => {
  it('gives what is there, newest first, once, however it came', () => {
    const present = new Set<string>();
    const ids = new OrderedIds(present);
    for (const id of ['c', 'a', 'd', 'b', 'a', 'd']) {
      ids.add(id);
      present.add(id);
    }
    present.delete('b');
    expect([...ids.newestFirst(undefined)]).toEqual(['d', 'c', 'a']);
    expect([...ids.newestFirst('d')]).toEqual(['c', 'a']);
    expect([...ids.newestFirst('bb')]).toEqual(['a']);
    expect([...ids.newestFirst('a')]).toEqual([]);
  });

  it('does not grow with what is gone', () => {
    const present = new Set<string>();
    const ids = new OrderedIds(present);
    for (let n = 0; n < 10_000; n++) {
      const id = String(n).padStart(6, '0');
      present.add(id);
      ids.add(id);
      present.delete(id);
    }
    expect((ids as unknown as { ids: string[] }).ids.length).toBeLessThan(1100);
  });
});
