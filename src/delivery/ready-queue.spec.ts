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
