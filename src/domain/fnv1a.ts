/** FNV-1a, 64 bits in two halves (BigInt costs ten times as much). http://www.isthe.com/chongo/tech/comp/fnv/ */
export class Fnv1a64 {
  private high = 0xcbf29ce4;
  private low = 0x84222325;

  byte(value: number): void {
    // h × (2^40 + 0x1b3) mod 2^64; a half times 0x1b3 stays below 2^41, so doubles are exact.
    const low = (this.low ^ value) >>> 0;
    const product = low * 0x1b3;
    this.high = (this.high * 0x1b3 + Math.floor(product / 0x1_0000_0000) + low * 0x100) % 0x1_0000_0000;
    this.low = product >>> 0;
  }

  text(value: string): void {
    for (const byte of Buffer.from(value, 'utf8')) this.byte(byte);
  }

  /** 16 hex digits. */
  toString(): string {
    return this.high.toString(16).padStart(8, '0') + this.low.toString(16).padStart(8, '0');
  }
}

export const fnv1a64 = (text: string): string => {
  const hash = new Fnv1a64();
  hash.text(text);
  return hash.toString();
};
