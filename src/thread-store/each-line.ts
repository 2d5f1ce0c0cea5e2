import type { FileHandle } from 'node:fs/promises';

export interface RawLine {
  /** The line's bytes, without the newline; valid only during the call. */
  readonly bytes: Buffer;
  readonly offset: number;
  /** From 1. */
  readonly number: number;
  /** False for a last line that no newline ends. */
  readonly complete: boolean;
}

const CHUNK = 1024 * 1024;
const NEWLINE = 10;

/** Reads a file's lines in big pieces. Awaiting between them keeps timers (the lock's heartbeat) going. */
export const eachLine = async (handle: FileHandle, visit: (line: RawLine) => void): Promise<void> => {
  let buffer = Buffer.allocUnsafeSlow(CHUNK);
  let have = 0;
  let offset = 0;
  let number = 0;
  for (;;) {
    if (have === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafeSlow(buffer.length)]);
    const { bytesRead } = await handle.read(buffer, have, buffer.length - have, offset + have);
    if (bytesRead === 0) break;
    let start = 0;
    let end = buffer.subarray(0, have + bytesRead).indexOf(NEWLINE, have);
    have += bytesRead;
    while (end >= 0 && end < have) {
      number += 1;
      visit({ bytes: buffer.subarray(start, end), offset: offset + start, number, complete: true });
      start = end + 1;
      end = buffer.indexOf(NEWLINE, start);
    }
    buffer.copyWithin(0, start, have);
    have -= start;
    offset += start;
  }
  if (have > 0) visit({ bytes: buffer.subarray(0, have), offset, number: number + 1, complete: false });
};
