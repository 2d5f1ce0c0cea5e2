import { ManualClock } from '../../test/support/manual-clock.js';
import { BodyBudget, type BodyHold } from './body-budget.js';
import { BusyError } from './busy-error.js';
import { BODY_BUDGET_BYTES, BODY_TIME_MS, GIVES_WAY_AFTER_MS, MAX_CONNECTIONS, MB } from './http-limits.js';

const KB = 1_024;

describe('BodyBudget', () => {
  let clock: ManualClock;
  let budget: BodyBudget;
  let lost: [name: string, reason: string][];
  const open = (name: string, bytes: number): BodyHold | undefined =>
    budget.open(bytes, (reason) => {
      expect(reason).toBeInstanceOf(BusyError);
      lost.push([name, reason.message]);
    });
  /** @returns how many found room */
  const fill = (bytes: number, tries = 100): number => {
    let count = 0;
    for (let i = 0; i < tries; i++) if (open('filling', bytes)) count++;
    return count;
  };

  beforeEach(() => {
    clock = new ManualClock();
    budget = new BodyBudget(clock);
    lost = [];
  });

  it('lets two of the largest bodies in', () => {
    expect(fill(10 * MB)).toBe(2);
    expect(budget.used).toBe(20 * MB);
  });

  it('keeps room for middle bodies where large ones have taken theirs', () => {
    fill(10 * MB);
    expect(fill(MB)).toBe(4);
    expect(open('large', MB + 1)).toBeUndefined();
  });

  it('keeps room for a small body of every connection where others have taken theirs', () => {
    fill(10 * MB);
    fill(MB);
    expect(fill(8 * KB, MAX_CONNECTIONS)).toBe(MAX_CONNECTIONS);
    expect(budget.used).toBe(BODY_BUDGET_BYTES);
    expect(open('small', 1)).toBeUndefined();
  });

  it('counts what a body of unknown length grows to', () => {
    const hold = open('chunked', 0);
    expect(hold?.grow(10 * MB)).toBe(true);
    expect(open('other', 10 * MB)?.grow(10 * MB)).toBe(true);
    expect(open('third', 0)?.grow(2 * MB)).toBe(false);
    expect(budget.used).toBe(20 * MB);
  });

  it('gets back what was released, once', () => {
    const hold = open('one', MB);
    open('two', MB);
    hold?.release();
    hold?.release();
    expect(budget.used).toBe(MB);
  });

  it('has the oldest slow bodies give way, as many as are needed', async () => {
    open('first', 10 * MB);
    open('second', 10 * MB);
    await clock.advance(GIVES_WAY_AFTER_MS - 1);
    expect(open('too early', 10 * MB)).toBeUndefined();
    await clock.advance(1);
    expect(open('third', 10 * MB)).toBeDefined();
    expect(lost).toEqual([['first', expect.stringContaining('arrived slowly')]]);
    expect(budget.used).toBe(20 * MB);
  });

  it('ends no body where that would not make enough room', async () => {
    open('being handled', 8 * MB)?.arrived();
    open('being handled', 8 * MB)?.arrived();
    open('slow', 4 * MB);
    await clock.advance(GIVES_WAY_AFTER_MS);
    expect(open('large', 10 * MB)).toBeUndefined();
    expect(lost).toEqual([]);
  });

  it('takes nothing from a body that is being handled', async () => {
    open('one', 10 * MB)?.arrived();
    open('two', 10 * MB)?.arrived();
    await clock.advance(60_000);
    expect(open('three', 10 * MB)).toBeUndefined();
    expect(lost).toEqual([]);
  });

  it('ends a body that takes longer than its time, however small', async () => {
    open('slow', 1);
    await clock.advance(BODY_TIME_MS - 1_000);
    open('later', 1);
    await clock.advance(1_000);
    expect(lost).toEqual([['slow', 'the body did not arrive within 10 s; try again']]);
    expect(budget.used).toBe(1);
    await clock.advance(BODY_TIME_MS);
    expect(lost.map(([name]) => name)).toEqual(['slow', 'later']);
    expect(budget.used).toBe(0);
  });

  it('gives what waits a second after the process was paused', async () => {
    open('waits', 1);
    clock.jump(60_000); // its timers are late
    await clock.advance(1);
    expect(lost).toEqual([]);
    await clock.advance(1_000);
    expect(lost).toHaveLength(1);
  });

  it('sets no timer while no body arrives', async () => {
    open('one', 1)?.arrived();
    await clock.advance(1_000);
    const after = jest.spyOn(clock, 'after');
    await clock.advance(60_000);
    expect(after).not.toHaveBeenCalled();
  });
});
