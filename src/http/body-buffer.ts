/** Capacity that a body of unknown length starts with, in bytes. */
const FIRST_CAPACITY = 4_096;

/** Joins chunks as they come: one buffer that doubles, since a list of a million chunks takes 100 MB. */
export class BodyBuffer {
  length = 0;
  private bytes: Buffer = Buffer.alloc(0);

  /**
   * @param declared the body's length, when its headers say it
   * @param limit the body is never longer; both in bytes
   */
  constructor(
    private readonly declared: number | undefined,
    private readonly limit: number,
  ) {}

  /** Bytes that will be allocated once the body has so many. */
  capacityFor(length: number): number {
    if (this.declared !== undefined) return this.declared;
    if (length <= this.bytes.length) return this.bytes.length;
    return Math.min(this.limit, Math.max(length, 2 * this.bytes.length, FIRST_CAPACITY));
  }

  append(chunk: Buffer): void {
    const length = this.length + chunk.length;
    const capacity = this.capacityFor(length);
    if (this.length === 0 && length === capacity) {
      this.bytes = chunk; // the usual case: all of it at once
    } else {
      if (capacity > this.bytes.length) this.enlarge(capacity);
      chunk.copy(this.bytes, this.length);
    }
    this.length = length;
  }

  /** All that came; the buffer is empty then. */
  take(): Buffer {
    const all = this.bytes.subarray(0, this.length);
    this.bytes = Buffer.alloc(0);
    this.length = 0;
    return all;
  }

  private enlarge(capacity: number): void {
    const larger = Buffer.allocUnsafeSlow(capacity);
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}
