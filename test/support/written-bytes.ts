import { statSync } from 'node:fs';

/** What was written to a store's file, in bytes: look at it after each change. A file that was replaced counts whole. */
export class WrittenBytes {
  private bytes = 0;
  private before: { readonly ino: number; readonly size: number };

  constructor(private readonly file: string) {
    this.before = statSync(file);
  }

  look(): number {
    const { ino, size } = statSync(this.file);
    this.bytes += ino === this.before.ino ? Math.max(0, size - this.before.size) : size;
    this.before = { ino, size };
    return this.bytes;
  }
}
