const FIRST = 64 * 1024;

/** Lines on their way to the file, encoded as they come: no second copy of a batch, and lengths are known at once. */
export class LineBuffer {
  private bytes = Buffer.allocUnsafe(FIRST);
  private used = 0;

  get length(): number {
    return this.used;
  }

  get capacity(): number {
    return this.bytes.length;
  }

  /** @returns length in bytes, without the newline that follows */
  add(line: string): number {
    this.reserve(line.length * 3 + 1); // UTF-8 takes at most 3 bytes per UTF-16 unit
    const written = this.bytes.write(line, this.used);
    this.bytes[this.used + written] = 10;
    this.used += written + 1;
    return written;
  }

  /** A line that is encoded already. */
  addBytes(line: Buffer): void {
    this.reserve(line.length + 1);
    line.copy(this.bytes, this.used);
    this.bytes[this.used + line.length] = 10;
    this.used += line.length + 1;
  }

  content(): Buffer {
    return this.bytes.subarray(0, this.used);
  }

  clear(): void {
    this.used = 0;
  }

  private reserve(length: number): void {
    const room = this.used + length;
    if (room <= this.bytes.length) return;
    const bigger = Buffer.allocUnsafe(Math.max(room, this.bytes.length * 2));
    this.bytes.copy(bigger, 0, 0, this.used);
    this.bytes = bigger;
  }
}
