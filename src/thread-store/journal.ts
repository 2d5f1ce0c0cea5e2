import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeAll, type Disk, type FileStat } from './disk.js';
import { HEADER } from './lines.js';
import { openFile, type OpenFile } from './open-file.js';
import type { StoreLogger } from './store-logger.js';

export interface JournalOptions {
  readonly path: string;
  readonly disk: Disk;
  readonly logger: StoreLogger;
}

const NEWLINE = Buffer.from('\n');
const NOTHING = Buffer.alloc(0);
/** A file that someone else is writing is left alone until it was the same for this long, in milliseconds. */
const SETTLE = 100;
const SETTLE_AT_MOST = 50;

/**
 * The file, open for appending. Knows what it should look like, cuts off what a failed write left, and notices when
 * someone else changed it. One call at a time.
 */
export class Journal {
  /** Someone else changed the file (a backup was put back): it is never cut or rewritten again, only appended to. */
  changed = false;
  /** What the last failed append may have left behind: a tail, or a tail and a handle that can't be trusted. */
  private dirty: false | 'tail' | 'handle' = false;
  private folderDirty = false;
  /** Files that were replaced under us; the history in them can still be read. */
  private readonly replaced: OpenFile[] = [];

  private constructor(
    private readonly options: JournalOptions,
    public file: OpenFile,
    /** How long the file is, as far as everything in it is durable. */
    public end: number,
  ) {}

  static async open(options: JournalOptions): Promise<Journal> {
    const file = await openFile(options.disk, options.path, 'a+');
    // what a killed process wrote and never synced counts from now on
    await file.handle.datasync();
    return new Journal(options, file, (await file.handle.stat()).size);
  }

  /** Appends and makes durable. @returns where it stands in the file; after an error nothing of it stays */
  async append(bytes: Buffer): Promise<number> {
    const prefix = await this.prepare();
    if (this.folderDirty) await this.syncFolder();
    const { handle } = this.file;
    let written = false;
    try {
      await writeAll(handle, prefix.length === 0 ? bytes : Buffer.concat([prefix, bytes]));
      written = true;
      await handle.datasync();
    } catch (error) {
      if (!this.changed) {
        this.dirty = written ? 'handle' : 'tail';
        // said again by the next append if it fails here
        await this.cut().catch(() => undefined);
      }
      throw error;
    }
    const start = this.end + prefix.length;
    this.end = start + bytes.length;
    return start;
  }

  /** Tries whether the disk takes a write again, with blanks that mean nothing and are cut off where possible. */
  async probe(length: number): Promise<void> {
    await this.append(Buffer.concat([Buffer.alloc(length, ' '), NEWLINE]));
    if (this.changed) return;
    const end = this.end - length - 1;
    try {
      await this.file.handle.truncate(end);
      this.end = end;
    } catch {
      // the blanks stay: they do no harm
    }
  }

  /** True as long as the file is the one that we wrote, and nobody else wrote to it. */
  unchanged(): boolean {
    return !this.changed && this.dirty === false && this.isOurs(this.options.disk.stat(this.options.path));
  }

  /** Cuts off the last, torn line that was found at the start. */
  async cutAt(offset: number): Promise<void> {
    await this.file.handle.truncate(offset);
    await this.file.handle.datasync();
    this.end = offset;
  }

  /** The file was replaced by us. Its name is durable before the next append is. */
  async switchTo(file: OpenFile, end: number): Promise<void> {
    const old = this.file;
    this.file = file;
    this.end = end;
    this.folderDirty = true;
    await this.syncFolder().catch(() => undefined); // tried again by the next append
    void old.handle.close().catch(() => undefined); // waits for reads that run
  }

  async close(): Promise<void> {
    for (const { handle } of [this.file, ...this.replaced]) await handle.close();
  }

  private async syncFolder(): Promise<void> {
    await this.options.disk.sync(dirname(this.options.path));
    this.folderDirty = false;
  }

  private isOurs(stat: FileStat | undefined): boolean {
    return stat?.size === this.end && stat.ino === this.file.ino && stat.dev === this.file.dev;
  }

  /** @returns what must come before the lines */
  private async prepare(): Promise<Buffer> {
    if (this.dirty !== false) await this.cut();
    if (this.isOurs(this.options.disk.stat(this.options.path))) return NOTHING;
    if (!this.changed) {
      this.changed = true;
      this.options.logger.warn(
        { file: this.options.path },
        'thread store file was changed by someone else: restart to load it; until then changes are only appended to it',
      );
    }
    return this.follow(await this.settled());
  }

  /** cp writes a backup bit by bit: a line appended meanwhile would be overwritten. */
  private async settled(): Promise<FileStat | undefined> {
    const { disk, path } = this.options;
    let last = disk.stat(path);
    for (let turn = 0; turn < SETTLE_AT_MOST; turn++) {
      await sleep(SETTLE);
      const now = disk.stat(path);
      if (now?.size === last?.size && now?.ino === last?.ino) break;
      last = now;
    }
    return last;
  }

  /** Goes on in the file that now has our name. The newline keeps a torn last line of it from swallowing ours. */
  private async follow(now: FileStat | undefined): Promise<Buffer> {
    if (now?.ino !== this.file.ino || now.dev !== this.file.dev) {
      const file = await openFile(this.options.disk, this.options.path, 'a+');
      this.replaced.push(this.file);
      this.file = file;
      this.folderDirty = now === undefined;
    }
    this.end = (await this.file.handle.stat()).size;
    return this.end === 0 ? Buffer.from(`${HEADER}\n`) : NEWLINE;
  }

  /** Takes back what a failed append left, unless the file is no longer ours. */
  private async cut(): Promise<void> {
    const { disk, path } = this.options;
    const now = disk.stat(path);
    if (now?.ino !== this.file.ino || now.dev !== this.file.dev || now.size < this.end) {
      this.dirty = false; // someone else changed it: prepare() sees that too
      return;
    }
    if (this.dirty === 'handle') {
      // after a failed fdatasync the kernel may have dropped what this handle wrote
      const { handle } = await openFile(disk, path, 'a+');
      const old = this.file.handle;
      this.file.handle = handle;
      this.dirty = 'tail';
      void old.close().catch(() => undefined);
    }
    if (now.size > this.end) {
      await this.file.handle.truncate(this.end);
      await this.file.handle.datasync();
    }
    this.dirty = false;
  }
}
