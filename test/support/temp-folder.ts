import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a file costs no disk; other tests, and other users of the machine, keep the disk busy for seconds. */
export const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A folder of a test's own. */
export class TempFolder {
  readonly path: string;

  /** @param parent by default on the disk */
  constructor(parent = tmpdir()) {
    this.path = mkdtempSync(join(parent, 'alert-threader-e2e-'));
  }

  file(name: string): string {
    return join(this.path, name);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
