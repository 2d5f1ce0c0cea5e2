import { ManualClock } from '../../test/support/manual-clock.js';
import { Cached } from './cached.js';

describe('Cached', () => {
  let clock: ManualClock;
  let asked: string[];
  let answer: () => Promise<string>;
  let cached: Cached<string>;

  beforeEach(() => {
    clock = new ManualClock();
    asked = [];
    answer = () => Promise.resolve('first');
    const ask = (id: string): Promise<string> => {
      asked.push(id);
      return answer();
    };
    cached = new Cached(clock, ask, 1_000, 10_000);
  });

  it('asks once for many at the same time, and again when the answer is no longer fresh', async () => {
    expect(await Promise.all([cached.get('a'), cached.get('a'), cached.get('b')])).toEqual(['first', 'first', 'first']);
    expect(asked).toEqual(['a', 'b']);
    clock.jump(999);
    await cached.get('a');
    expect(asked).toHaveLength(2);
    clock.jump(1);
    answer = () => Promise.resolve('second');
    expect(await cached.get('a')).toBe('second');
  });

  it('an old answer is better than none, for a while', async () => {
    await cached.get('a');
    answer = () => Promise.reject(new Error('away'));
    clock.jump(9_999);
    expect(await cached.get('a')).toBe('first');
    clock.jump(1);
    await expect(cached.get('a')).rejects.toThrow('away');
  });

  it('a failure is not remembered', async () => {
    answer = () => Promise.reject(new Error('away'));
    await expect(cached.get('a')).rejects.toThrow('away');
    answer = () => Promise.resolve('back');
    expect(await cached.get('a')).toBe('back');
  });
});
