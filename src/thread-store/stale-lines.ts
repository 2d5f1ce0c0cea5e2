import type { FileHandle } from 'node:fs/promises';
import { eachLine } from './each-line.js';

const RECORD = Buffer.from('{"schema":');
/** What follows key and channel in a line that this store wrote. Inside a value its quotes would be escaped. */
const AFTER_IDENTITY = Buffer.from(',"version":');

/**
 * Finds the record lines that a later one makes void, by their first bytes alone, so that the load need not parse them:
 * up to half of a file is such lines.
 * @returns tells whether the line of a number (from 1) is void
 */
export const findStaleLines = async (handle: FileHandle): Promise<(number: number) => boolean> => {
  const newest = new Map<string, number>();
  let stale = new Uint8Array(1024);
  await eachLine(handle, ({ bytes, number, complete }) => {
    if (!complete || !bytes.subarray(0, RECORD.length).equals(RECORD)) return;
    const end = bytes.indexOf(AFTER_IDENTITY);
    if (end < 0) return;
    const identity = bytes.toString('latin1', RECORD.length, end);
    const older = newest.get(identity);
    newest.set(identity, number);
    if (older === undefined) return;
    while (older >= stale.length * 8) {
      const bigger = new Uint8Array(stale.length * 2);
      bigger.set(stale);
      stale = bigger;
    }
    stale[older >> 3] = (stale[older >> 3] ?? 0) | (1 << (older & 7));
  });
  return (number) => ((stale[number >> 3] ?? 0) & (1 << (number & 7))) !== 0;
};
