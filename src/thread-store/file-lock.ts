import {
  closeSync,
  fstatSync,
  futimesSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock/clock.js';
import { codeOf } from './disk.js';
import { livenessOf, parseIdentity, type ProcessIdentity } from './process-identity.js';
import { StoreUnavailableError } from './thread-store.js';

export interface LockTimes {
  /** How often the holder shows that it lives, in milliseconds. */
  readonly heartbeat: number;
  /** How long the heartbeat of a holder that we can't see may stand still, in milliseconds: more than two of them. */
  readonly watch: number;
}

export const LOCK_TIMES: LockTimes = { heartbeat: 2000, watch: 5000 };

export interface LockOptions {
  readonly path: string;
  readonly own: ProcessIdentity;
  readonly clock: Clock;
  readonly times: LockTimes;
}

interface Seen {
  readonly text: string;
  readonly mtimeMs: number;
}

/**
 * Keeps a second process off the store: a file that says who holds it, and whose modification time is its heartbeat.
 * The system calls are synchronous so that nothing of this process can come between a look and the step it decides.
 */
export class FileLock {
  private lost = false;
  private stopHeartbeat: () => void = () => undefined;

  private constructor(
    private readonly options: LockOptions,
    /** Held open: as long as it is, no other file can get its inode number. */
    private fd: number,
  ) {}

  /** @throws {StoreUnavailableError} `locked`: another process holds it */
  static async acquire(options: LockOptions): Promise<FileLock> {
    for (;;) {
      const fd = create(options.path, options.own);
      if (fd !== undefined) {
        const lock = new FileLock(options, fd);
        lock.beat();
        return lock;
      }
      const seen = look(options.path);
      if (seen === undefined) continue; // released just now
      await standsStill(options, seen);
      await replaceDead(options, seen);
    }
  }

  /** @throws {StoreUnavailableError} `lock-lost`: another process has it; for good */
  check(): void {
    if (!this.lost && this.isOurs()) return;
    this.lost = true;
    throw new StoreUnavailableError(
      `another process took over ${this.options.path}: this one has stopped writing, restart it`,
      'lock-lost',
    );
  }

  release(): void {
    this.stopHeartbeat();
    try {
      if (!this.lost && look(this.options.path)?.text === contentOf(this.options.own)) rmSync(this.options.path);
    } catch {
      // what stays of it belongs to a dead process
    }
    closeSync(this.fd);
  }

  private isOurs(): boolean {
    const { path, own } = this.options;
    const there = statSync(path, { throwIfNoEntry: false });
    const ours = fstatSync(this.fd);
    if (there?.ino === ours.ino && there.dev === ours.dev) return true;
    if (there !== undefined) return look(path)?.text === contentOf(own); // some file systems change inode numbers
    // somebody deleted it: ours again, unless another process is faster
    const fd = create(path, own);
    if (fd === undefined) return false;
    closeSync(this.fd);
    this.fd = fd;
    return true;
  }

  private beat(): void {
    this.stopHeartbeat = this.options.clock.after(this.options.times.heartbeat, () => {
      const now = this.options.clock.now() / 1000;
      try {
        futimesSync(this.fd, now, now);
      } catch {
        // a disk that fails: writes say so
      }
      this.beat();
    });
  }
}

const contentOf = (own: ProcessIdentity): string => `${JSON.stringify(own)}\n`;

/** @returns undefined when the file is there already */
const create = (path: string, own: ProcessIdentity): number | undefined => {
  let fd: number;
  try {
    fd = openSync(path, 'wx', 0o640);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined;
    throw error;
  }
  try {
    writeSync(fd, contentOf(own));
  } catch (error) {
    closeSync(fd);
    rmSync(path, { force: true });
    throw error;
  }
  return fd;
};

/** Opened for each look: a network file system shows the present state only then. */
const look = (path: string): Seen | undefined => {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return { text: readFileSync(fd, 'utf8'), mtimeMs: fstatSync(fd).mtimeMs };
  } finally {
    closeSync(fd);
  }
};

const LOOKS = 20;

/** Returns once the holder is surely dead. @throws {StoreUnavailableError} it lives */
const standsStill = async ({ path, own, times }: LockOptions, seen: Seen): Promise<void> => {
  const holder = parseIdentity(seen.text);
  const liveness = holder === undefined ? 'unknown' : livenessOf(holder, own);
  if (liveness === 'dead') return;
  if (liveness === 'alive') throw held(path, holder);
  for (let n = 0; n < LOOKS; n++) {
    await sleep(times.watch / LOOKS);
    const now = look(path);
    if (now === undefined) return; // released meanwhile
    if (now.text !== seen.text || now.mtimeMs !== seen.mtimeMs) throw held(path, parseIdentity(now.text) ?? holder);
  }
};

const held = (path: string, holder: ProcessIdentity | undefined): StoreUnavailableError => {
  const who =
    holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host} (since ${holder.since})`;
  return new StoreUnavailableError(
    `${who} uses this file and holds ${path}. Stop it first, or give this one a file of its own`,
    'locked',
  );
};

/**
 * Takes a dead holder's lock out of the way. Only who holds the lock of that step may do so, and looks again first:
 * otherwise a slow process could remove the lock of the one that was faster.
 */
const replaceDead = async (options: LockOptions, dead: Seen): Promise<void> => {
  const step = await FileLock.acquire({ ...options, path: `${options.path}.takeover` });
  try {
    if (look(options.path)?.text !== dead.text) return;
    const aside = `${options.path}.${options.own.id}`;
    renameSync(options.path, aside);
    rmSync(aside);
  } finally {
    step.release();
  }
};
