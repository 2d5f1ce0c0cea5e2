import { BodyBuffer } from './body-buffer.js';

const LIMIT = 100_000;

describe('BodyBuffer', () => {
  it('joins one-byte chunks with few allocations', () => {
    const buffer = new BodyBuffer(undefined, LIMIT);
    const capacities = new Set<number>();
    for (let i = 0; i < LIMIT; i++) {
      capacities.add(buffer.capacityFor(buffer.length + 1));
      buffer.append(Buffer.of(i % 251));
    }
    expect([...capacities]).toEqual([4_096, 8_192, 16_384, 32_768, 65_536, LIMIT]);
    const all = buffer.take();
    expect(all).toHaveLength(LIMIT);
    expect(all.every((byte, i) => byte === i % 251)).toBe(true);
  });

  it('takes what the headers declare, at once', () => {
    const buffer = new BodyBuffer(10, LIMIT);
    for (const part of ['abc', 'defg', 'hij']) {
      expect(buffer.capacityFor(buffer.length + part.length)).toBe(10);
      buffer.append(Buffer.from(part));
    }
    expect(buffer.take().toString()).toBe('abcdefghij');
  });

  it('copies nothing of a body that comes in one piece', () => {
    const buffer = new BodyBuffer(3, LIMIT);
    const chunk = Buffer.from('abc');
    buffer.append(chunk);
    expect(buffer.take().buffer).toBe(chunk.buffer);
  });

  it('is empty after it was taken', () => {
    const buffer = new BodyBuffer(undefined, LIMIT);
    buffer.append(Buffer.from('abc'));
    buffer.take();
    expect(buffer.take()).toHaveLength(0);
  });
});
