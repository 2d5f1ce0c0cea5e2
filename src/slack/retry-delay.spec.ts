import { retryDelay } from './retry-delay.js';

describe('retryDelay', () => {
  it('is none at first, then 1 s doubled up to 30 s', () => {
    const delays = [0, 1, 2, 3, 4, 5, 6, 7, 1_000].map((failures) => retryDelay(failures, () => 0));
    expect(delays).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 25_000, 25_000, 25_000]);
  });

  it('is up to a fifth longer at random', () => {
    expect(retryDelay(1, () => 0.5)).toBe(1_100);
    expect(retryDelay(50, () => 0.999_999)).toBeLessThanOrEqual(30_000);
    expect(retryDelay(50, () => 0.999_999)).toBeGreaterThan(29_999);
  });
});
