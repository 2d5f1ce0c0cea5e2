import { TokenBucket } from './token-bucket.js';

describe('TokenBucket', () => {
  it('allows the burst at once, then the rate', () => {
    const bucket = new TokenBucket(1, 3, 0);
    for (let i = 0; i < 3; i++) {
      expect(bucket.delay(0)).toBe(0);
      bucket.take(0);
    }
    expect(bucket.delay(0)).toBe(1_000);
    expect(bucket.delay(400)).toBeCloseTo(600);
    expect(bucket.delay(1_000)).toBe(0);
  });

  it('never holds more than the burst, however long nothing happened', () => {
    const bucket = new TokenBucket(1, 2, 0);
    bucket.take(3_600_000);
    bucket.take(3_600_000);
    expect(bucket.delay(3_600_000)).toBe(1_000);
  });

  it('gives nothing while it is closed, and no burst of what was saved up after', () => {
    const bucket = new TokenBucket(1, 3, 0);
    bucket.close(20_000, 0);
    expect(bucket.delay(0)).toBe(20_000);
    expect(bucket.delay(19_000)).toBe(1_000);
    expect(bucket.delay(20_000)).toBe(0);
  });

  it('keeps some of the burst for urgent calls, at the same rate for the others', () => {
    const bucket = new TokenBucket(1, 3, 0, 1);
    bucket.take(0);
    bucket.take(0);
    expect([bucket.delay(0), bucket.delay(0, true)]).toEqual([1_000, 0]);
    bucket.take(1_000);
    expect([bucket.delay(1_000), bucket.delay(1_000, true)]).toEqual([1_000, 0]);
    bucket.take(1_000);
    expect([bucket.delay(1_000), bucket.delay(1_000, true)]).toEqual([2_000, 1_000]);
  });

  it('after it was closed, gives one call and what is kept', () => {
    const bucket = new TokenBucket(0.01, 10, 0, 2);
    bucket.close(1_000, 0);
    expect([bucket.delay(0), bucket.delay(0, true)]).toEqual([1_000, 1_000]);
    for (let i = 0; i < 3; i++) {
      expect(bucket.delay(1_000, i > 0)).toBe(0);
      bucket.take(1_000);
    }
    expect(bucket.delay(1_000, true)).toBeGreaterThan(90_000);
  });

  it('takes back what was not used', () => {
    const bucket = new TokenBucket(1, 1, 0);
    bucket.take(0);
    bucket.refund();
    expect(bucket.delay(0)).toBe(0);
  });
});
