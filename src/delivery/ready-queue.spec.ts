import { Random } from '../../test/support/random.js';
import { ReadyQueue } from './ready-queue.js';

const taken = (queue: ReadyQueue<string>, count: number): string[] =>
  Array.from({ length: count }, () => queue.next() ?? '-');

describe('ReadyQueue', () => {
  it('gives the best priority first, and first come first served within one', () => {
    const queue = new ReadyQueue<string>(3);
    queue.put('quiet', 'quiet', 2, 0);
    queue.put('new', 'new', 1, 1);
    queue.put('newer', 'newer', 1, 2);
    queue.put('urgent', 'urgent', 0, 3);
    expect(taken(queue, 3)).toEqual(['urgent', 'new', 'newer']);
  });

  it('gives every fourth to the one that waits longest', () => {
    const queue = new ReadyQueue<string>(3);
    queue.put('old', 'old', 2, 0);
    for (let i = 0; i < 8; i++) queue.put(`urgent${String(i)}`, `urgent${String(i)}`, 0, 10 + i);
    expect(taken(queue, 5)).toEqual(['urgent0', 'urgent1', 'urgent2', 'old', 'urgent3']);
  });

  it('gives urgent ones alone where asked to, but every fourth in a row to the one that waits longest', () => {
    const queue = new ReadyQueue<string>(3);
    queue.put('old', 'old', 2, 0);
    expect(queue.nextUrgent()).toBeUndefined();
    for (let i = 0; i < 8; i++) queue.put(`urgent${String(i)}`, `urgent${String(i)}`, 0, 10 + i);
    expect([queue.nextUrgent(), queue.nextUrgent()]).toEqual(['urgent0', 'urgent1']);
    queue.undoUrgent();
    const urgent = Array.from({ length: 3 }, () => queue.nextUrgent());
    expect(urgent).toEqual(['urgent2', 'urgent3', 'old']);
  });

  it('gives urgent ones the room that is theirs while others leave too', () => {
    const queue = new ReadyQueue<string>(3);
    for (let i = 0; i < 8; i++) queue.put(`quiet${String(i)}`, `quiet${String(i)}`, 2, i);
    const left = Array.from({ length: 6 }, (_, i) => {
      queue.put(`urgent${String(i)}`, `urgent${String(i)}`, 0, 10 + i);
      const urgent = queue.nextUrgent();
      if (i === 2) queue.next();
      return urgent;
    });
    expect(left.every((name) => name?.startsWith('urgent'))).toBe(true);
  });

  it('lets flows take turns within one priority, first come first served within one', () => {
    const queue = new ReadyQueue<string>(2);
    for (let i = 0; i < 1000; i++) queue.put(`many${String(i)}`, `many${String(i)}`, 0, i, 'many');
    expect(taken(queue, 3)).toEqual(['many0', 'many1', 'many2']);
    for (let i = 0; i < 3; i++) queue.put(`few${String(i)}`, `few${String(i)}`, 0, 2000 + i, 'few');
    queue.put('one', 'one', 0, 3000, 'one');
    queue.put('low', 'low', 1, 3000, 'low');
    // many3, many5 and many7 are every fourth, which go to the one that waits longest: a turn of its flow as well.
    expect(taken(queue, 9)).toEqual(['many3', 'few0', 'one', 'many4', 'many5', 'few1', 'many6', 'few2', 'many7']);
  });

  it('gives a flow that has nothing left no turn, and one that comes again the last one', () => {
    const queue = new ReadyQueue<string>(1);
    queue.put('a1', 'a1', 0, 0, 'a');
    for (const n of [1, 2, 3]) queue.put(`b${String(n)}`, `b${String(n)}`, 0, n, 'b');
    for (const n of [1, 2]) queue.put(`c${String(n)}`, `c${String(n)}`, 0, n + 3, 'c');
    expect(taken(queue, 1)).toEqual(['a1']);
    queue.put('a2', 'a2', 0, 10, 'a');
    queue.remove('c1');
    queue.remove('c2');
    expect(taken(queue, 5)).toEqual(['b1', 'a2', 'b2', 'b3', '-']);
  });

  it('moves an id to another flow', () => {
    const queue = new ReadyQueue<string>(1);
    for (const n of [1, 2, 3]) queue.put(`a${String(n)}`, `a${String(n)}`, 0, n, 'a');
    queue.put('a3', 'a3', 0, 4, 'b');
    queue.put('a3', 'a3', 0, 5, 'b');
    expect([queue.size, ...taken(queue, 4)]).toEqual([3, 'a1', 'a3', 'a2', '-']);
  });

  it('gives every record once, whatever was put, moved and removed', () => {
    const random = new Random(5);
    const queue = new ReadyQueue<string>(3);
    const inside = new Map<string, string>();
    for (let turn = 0; turn < 20_000; turn++) {
      const id = String(random.between(0, 50));
      const what = random.between(0, 9);
      if (what < 5) {
        queue.put(id, id, random.between(0, 2), turn, `flow ${String(random.between(0, 5))}`);
        inside.set(id, id);
      } else if (what === 5) {
        queue.remove(id);
        inside.delete(id);
      } else {
        const next = what === 6 ? queue.nextUrgent() : queue.next();
        if (what !== 6) expect(next === undefined).toBe(inside.size === 0);
        if (next !== undefined) expect(inside.delete(next)).toBe(true);
      }
      expect(queue.size).toBe(inside.size);
    }
    expect(queue.values().sort()).toEqual([...inside.keys()].sort());
  });

  it('moves an id to another priority without losing its waiting time', () => {
    const queue = new ReadyQueue<string>(3);
    queue.put('a', 'a', 2, 0);
    for (let i = 1; i <= 4; i++) queue.put(`b${String(i)}`, `b${String(i)}`, 0, i);
    queue.put('a', 'a', 1, 10);
    expect(queue.size).toBe(5);
    // The fourth one is the one that waits longest.
    expect(taken(queue, 6)).toEqual(['b1', 'b2', 'b3', 'a', 'b4', '-']);
  });

  it('forgets what is removed', () => {
    const queue = new ReadyQueue<string>(1);
    queue.put('a', 'a', 0, 0);
    queue.remove('a');
    expect([queue.size, queue.next()]).toEqual([0, undefined]);
  });
});
