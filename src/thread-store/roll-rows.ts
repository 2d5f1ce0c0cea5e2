import { SEVERITY_CLASSES } from '../domain/alert.js';
import type { Member } from '../domain/roll.js';
import type { RowChange } from '../domain/staged-rolls.js';

/** Rows of a roll as they are stored: five 32-bit numbers each, in base64. */

/** A row of 0 is gone. */
const STATUSES = [undefined, 'firing', 'resolved', 'problem'] as const;
const GONE = 0;
const NUMBERS = 5;
const BYTES = NUMBERS * 4;

/** Seconds up to the year 2106. */
const seconds = (time: number): number => Math.min(0xffff_ffff, Math.max(0, Math.floor(time / 1_000)));

/** The numbers of a row behind its id. The last one is status and severity: four statuses to each severity. */
export type RowState = readonly [startsAt: number, at: number, state: number];

export const toState = (member: Member | null): RowState =>
  member === null
    ? [0, 0, GONE]
    : [
        seconds(member.startsAt),
        seconds(member.at),
        STATUSES.indexOf(member.status) + STATUSES.length * SEVERITY_CLASSES.indexOf(member.severity),
      ];

export const toMember = (startsAt: number, at: number, state: number): Member | undefined => {
  const status = STATUSES[state % STATUSES.length];
  const severity = SEVERITY_CLASSES[Math.floor(state / STATUSES.length)];
  if (status === undefined || severity === undefined) return undefined;
  return { status, severity, startsAt: startsAt * 1_000, at: at * 1_000 };
};

export const isGone = (state: number): boolean => state % STATUSES.length === GONE;

/** About how many bytes a row takes in the file. */
export const ROW_BYTES = Math.ceil((BYTES * 4) / 3);

export const encodeRows = (rows: readonly RowChange[]): string => {
  const bytes = Buffer.allocUnsafe(rows.length * BYTES);
  rows.forEach(({ id, member }, i) => {
    const at = i * BYTES;
    bytes.write(id, at, 8, 'hex');
    toState(member).forEach((number, j) => bytes.writeUInt32LE(number, at + 8 + 4 * j));
  });
  return bytes.toString('base64');
};

/** @returns undefined where it is no row, or not whole ones */
export const decodeRows = (text: string): RowChange[] | undefined => {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length % BYTES !== 0) return undefined;
  const rows: RowChange[] = [];
  for (let at = 0; at < bytes.length; at += BYTES) {
    const member = toMember(bytes.readUInt32LE(at + 8), bytes.readUInt32LE(at + 12), bytes.readUInt32LE(at + 16));
    rows.push({ id: bytes.toString('hex', at, at + 8), member: member ?? null });
  }
  return rows;
};
