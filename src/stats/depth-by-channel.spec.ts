import { depthByChannel } from './depth-by-channel.js';

const backlogOf = (channels: number) =>
  Array.from({ length: channels }, (_, n) => ({ channel: `C${1_000 + n}`, threads: n + 1, since: 0 }));

describe('depthByChannel', () => {
  it('names every channel while there are few', () => {
    const depths = depthByChannel(backlogOf(50));
    expect(Object.keys(depths)).toHaveLength(50);
    expect(depths).toMatchObject({ C1000: 1, C1049: 50 });
  });

  it('names the 50 deepest, and sums up the others', () => {
    const depths = depthByChannel(backlogOf(2_000));
    expect(Object.keys(depths)).toHaveLength(51);
    expect(depths).toMatchObject({ C2999: 2_000, C2950: 1_951, other: (1_950 * 1_951) / 2 });
    expect(Object.values(depths).reduce((sum, depth) => sum + depth, 0)).toBe((2_000 * 2_001) / 2);
  });

  it('takes a hostile name as any other', () => {
    const depths = depthByChannel([{ channel: '__proto__', threads: 3, since: 0 }]);
    expect(JSON.stringify(depths)).toBe('{"__proto__":3}');
    expect(Object.getPrototypeOf(depths)).toBe(Object.prototype);
  });
});
