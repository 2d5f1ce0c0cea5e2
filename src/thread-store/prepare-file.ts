import { dirname } from 'node:path';
import { excerpt } from '../domain/excerpt.js';
import { emptyRecord } from '../domain/record.js';
import { codeOf, readPart, writeAll, type Disk } from './disk.js';
import { HEADER, recordLine } from './lines.js';
import type { StoreLogger } from './store-logger.js';
import { StoreUnavailableError } from './thread-store.js';

export interface PrepareOptions {
  readonly path: string;
  readonly disk: Disk;
  readonly logger: StoreLogger;
  /** Where the threads of the earlier version are. */
  readonly defaultChannel: string;
}

const THREAD_TS = /^\d+\.\d+$/;
const HEAD = 256;
export const NEW_FILE = '.new.tmp';

/** Makes sure that the file is there and in this version's format: makes a new one, or takes over the earlier version's. */
export const prepareFile = async (options: PrepareOptions): Promise<void> => {
  const { path, disk, logger } = options;
  const found = disk.stat(path);
  if (found === undefined) {
    await replace(options, `${HEADER}\n`);
    return;
  }
  const handle = await disk.open(path, 'r');
  try {
    if (isOurs((await readPart(handle, 0, HEAD)).toString())) return;
  } finally {
    await handle.close();
  }
  const text = (await disk.read(path)).toString();
  const threads = readThreads(path, text);
  const lines = threads.map(
    ([key, adopt]) => `${recordLine({ ...emptyRecord(key, options.defaultChannel), version: 1, adopt })}\n`,
  );
  if (text.trim() !== '') await keepOld(options);
  await replace(options, `${HEADER}\n${lines.join('')}`);
  logger.info({ file: path, threads: threads.length }, 'took over the threads of the earlier version');
};

const isOurs = (head: string): boolean => {
  try {
    const header: unknown = JSON.parse(head.split('\n', 1)[0] ?? '');
    return (
      typeof header === 'object' &&
      header !== null &&
      'alert_threader' in header &&
      typeof header.alert_threader === 'number'
    );
  } catch {
    return false;
  }
};

/** `{ "<key>": "<thread_ts>" }`, however it is laid out. */
const readThreads = (path: string, text: string): [string, string][] => {
  if (text.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw notOurs(path, 'it is no JSON', cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notOurs(path, 'it is no JSON object');
  return Object.entries(value as Record<string, unknown>).map(([key, ts]) => {
    if (typeof ts !== 'string' || !THREAD_TS.test(ts)) {
      throw notOurs(path, `the value of ${JSON.stringify(excerpt(key, 100))} is no thread_ts`);
    }
    return [key, ts];
  });
};

const notOurs = (path: string, why: string, cause?: unknown): StoreUnavailableError =>
  new StoreUnavailableError(
    `${path} is neither a thread store nor the threads.json of an earlier version ({"<key>": "<thread_ts>"}): ${why}. ` +
      'It was left as it is: move it away, put back a backup, or name another file',
    'format',
    { cause },
  );

/** The old file stays beside, under a name that is not taken. */
const keepOld = async ({ path, disk }: PrepareOptions): Promise<void> => {
  for (let n = 1; ; n++) {
    const beside = n === 1 ? `${path}.v1` : `${path}.v1.${n}`;
    try {
      await disk.keep(path, beside);
      return;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      const there = disk.stat(beside);
      if (there !== undefined && there.ino === disk.stat(path)?.ino) return; // a take-over that a crash cut short
    }
  }
};

/** Either the old file or the whole new one is there, whatever happens. */
const replace = async ({ path, disk }: PrepareOptions, content: string): Promise<void> => {
  const temporary = path + NEW_FILE;
  const handle = await disk.open(temporary, 'w');
  try {
    await writeAll(handle, Buffer.from(content));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await disk.rename(temporary, path);
  await disk.sync(dirname(path));
};
