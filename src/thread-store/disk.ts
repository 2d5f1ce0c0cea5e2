import { constants, statSync } from 'node:fs';
import {
  copyFile,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  type FileHandle,
} from 'node:fs/promises';

export interface FileStat {
  readonly size: number;
  readonly ino: number;
  readonly dev: number;
}

/** The file system calls of the file store, in one place so that tests can make any of them fail or stop there. */
export class Disk {
  open(path: string, flags: string): Promise<FileHandle> {
    return open(path, flags, 0o640);
  }

  /** Synchronous because it runs before every commit: a cached inode answers in 3 µs, the thread pool in 50. */
  stat(path: string): FileStat | undefined {
    return statSync(path, { throwIfNoEntry: false });
  }

  read(path: string): Promise<Buffer> {
    return readFile(path);
  }

  async rename(from: string, to: string): Promise<void> {
    await rename(from, to);
  }

  async remove(path: string): Promise<void> {
    await rm(path, { force: true });
  }

  /** Gives a file a second name, where the file system can; otherwise copies it. */
  async keep(path: string, as: string): Promise<void> {
    try {
      await link(path, as);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw error;
      await this.copy(path, as);
    }
  }

  async copy(from: string, to: string): Promise<void> {
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await this.sync(to);
  }

  /** Makes a folder's entries durable: without it a rename can be undone by a power failure. */
  async sync(path: string): Promise<void> {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } catch (error) {
      // some network and FUSE file systems have no such call for folders
      if (!['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM'].includes(codeOf(error) ?? '')) throw error;
    } finally {
      await handle.close();
    }
  }

  async makeFolder(path: string): Promise<void> {
    await mkdir(path, { recursive: true, mode: 0o750 });
  }

  /** Follows links, so that a rename replaces the file and not the link to it. */
  async resolve(path: string): Promise<string> {
    try {
      return await realpath(path);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return path;
      throw error;
    }
  }

  list(folder: string): Promise<string[]> {
    return readdir(folder);
  }
}

/** The system's code of an error (ENOSPC, …), if it has one. */
export const codeOf = (error: unknown): string | undefined => {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
};

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** write(2) may take only a part. */
export const writeAll = async (handle: FileHandle, bytes: Buffer): Promise<void> => {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done);
    done += bytesWritten;
  }
};

/** Reads a part of a file; shorter where the file ends. */
export const readPart = async (handle: FileHandle, offset: number, length: number): Promise<Buffer> => {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
};
