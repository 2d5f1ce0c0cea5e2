import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock } from '../../src/clock/clock.js';
import type { FileThreadStoreOptions } from '../../src/thread-store/file-store-options.js';
import { FileThreadStore } from '../../src/thread-store/file-thread-store.js';
import type { StoreLogger } from '../../src/thread-store/store-logger.js';
import { CHANNEL } from './records.js';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

export class LogBook implements StoreLogger {
  readonly lines: LogLine[] = [];
  private readonly waiting: (() => void)[] = [];

  info = this.writer('info');
  warn = this.writer('warn');
  error = this.writer('error');

  messages(level: LogLine['level']): string[] {
    return this.lines.filter((line) => line.level === level).map(({ message }) => message);
  }

  /** Resolves once such a message was logged. */
  async until(pattern: RegExp): Promise<LogLine> {
    for (;;) {
      const found = this.lines.find(({ message }) => pattern.test(message));
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private writer(level: LogLine['level']) {
    return (fields: object, message: string): void => {
      this.lines.push({ level, fields, message });
      for (const wake of this.waiting.splice(0)) wake();
    };
  }
}

/** A folder of its own for each test, and stores in it that are closed with it. */
export class StoreFolder {
  readonly log = new LogBook();
  private readonly stores: FileThreadStore[] = [];

  private constructor(readonly path: string) {}

  static async make(path?: string): Promise<StoreFolder> {
    return new StoreFolder(path ?? (await mkdtemp(join(tmpdir(), 'thread-store-'))));
  }

  get file(): string {
    return join(this.path, 'threads.json');
  }

  async open(options: Partial<FileThreadStoreOptions> = {}): Promise<FileThreadStore> {
    const store = await FileThreadStore.open({
      file: this.file,
      defaultChannel: CHANNEL,
      clock: new SystemClock(),
      logger: this.log,
      lockTimes: { heartbeat: 20, watch: 200 },
      ...options,
    });
    this.stores.push(store);
    return store;
  }

  async close(): Promise<void> {
    for (const store of this.stores) await store.close();
  }

  async dispose(): Promise<void> {
    await this.close();
    await rm(this.path, { recursive: true, force: true });
  }
}
