import fc from 'fast-check';
import { DueHeap, type Waiting } from './due-heap.js';

const item = (): Waiting => ({ due: 0, turn: 0, place: -1 });

describe('DueHeap', () => {
  it('gives the same as a sorted list, whatever is set, moved and taken out', () => {
    const change = fc.record({ at: fc.nat(15), due: fc.option(fc.nat(8)) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 80 }), fc.nat(9), fc.nat(12), (changes, now, limit) => {
        const heap = new DueHeap();
        const items = Array.from({ length: 16 }, item);
        const model = new Map<number, { due: number; turn: number }>();
        let turn = 0;
        for (const { at, due } of changes) {
          heap.set(items[at] ?? item(), due);
          if (due === null) model.delete(at);
          else if (model.get(at)?.due !== due) model.set(at, { due, turn: turn++ });
        }
        const sorted = [...model].sort(([, a], [, b]) => a.due - b.due || a.turn - b.turn);
        const due = sorted.filter(([, { due: time }]) => time <= now).slice(0, limit);
        expect(heap.size).toBe(model.size);
        expect(heap.until(now, limit).map((found) => items.indexOf(found))).toEqual(due.map(([at]) => at));
        expect(heap.first && items.indexOf(heap.first)).toBe(sorted[0]?.[0]);
      }),
    );
  });
});
