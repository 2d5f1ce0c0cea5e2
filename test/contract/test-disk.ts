import type { FileHandle } from 'node:fs/promises';
import { Disk } from '../../src/thread-store/disk.js';

export type DiskCall = 'open' | 'write' | 'datasync' | 'truncate' | 'rename' | 'sync' | 'copy';

/** The real disk, where a test can step in before any call: look at the folder, wait, or make the call fail. */
export class TestDisk extends Disk {
  /** What it throws is the call's failure. */
  before: (call: DiskCall, path: string) => void | Promise<void> = () => undefined;

  override async open(path: string, flags: string): Promise<FileHandle> {
    await this.before('open', path);
    const handle = await super.open(path, flags);
    for (const call of ['write', 'datasync', 'truncate'] as const) {
      const real = (handle[call] as (...args: unknown[]) => Promise<unknown>).bind(handle);
      Object.assign(handle, {
        [call]: async (...args: unknown[]) => {
          await this.before(call, path);
          return real(...args);
        },
      });
    }
    return handle;
  }

  override async rename(from: string, to: string): Promise<void> {
    await this.before('rename', to);
    await super.rename(from, to);
    await this.before('sync', to); // renamed, not durable yet
  }

  override async sync(path: string): Promise<void> {
    await this.before('sync', path);
    await super.sync(path);
  }

  override async copy(from: string, to: string): Promise<void> {
    await this.before('copy', to);
    await super.copy(from, to);
  }
}

export const failure = (code: string): Error => Object.assign(new Error(`${code}: made by the test`), { code });
