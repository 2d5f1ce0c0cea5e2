import type { FileHandle } from 'node:fs/promises';
import type { Disk } from './disk.js';

/** A file that is open for appending and reading. The handle is a new one after a failed sync. */
export interface OpenFile {
  handle: FileHandle;
  readonly ino: number;
  readonly dev: number;
}

/** @param flags `a+` to append to a file and make it where it is missing; `ax+` to make a new one */
export const openFile = async (disk: Disk, path: string, flags: 'a+' | 'ax+'): Promise<OpenFile> => {
  const handle = await disk.open(path, flags);
  try {
    const { ino, dev } = await handle.stat();
    return { handle, ino, dev };
  } catch (error) {
    await handle.close();
    throw error;
  }
};
