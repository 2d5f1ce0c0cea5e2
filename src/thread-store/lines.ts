import type { Cut } from './history.js';
import { SCHEMA, type IncidentThread, type ThreadRecord } from '../domain/record.js';
import type { RollRows, RowChange } from '../domain/staged-rolls.js';
import { decodeRows, encodeRows } from './roll-rows.js';
import { isObject, isRecord, isThread } from './stored-shape.js';

/**
 * The file's lines, each one JSON object:
 * - the header, first: `{"alert_threader":1}`, the version of this format
 * - a record as it is, `{"schema":1,"key":…,"channel":…}`: the newest line of a key and channel wins
 * - the same with rows of its incidents' rolls that were set with it: `{"roll":[["INC-…","<rows>"]],"schema":1,…}`. Each
 *   row counts, until a later one of its id
 * - `{"roll":[["INC-…","<rows>"]]}`: rows alone, which a compaction wrote
 * - `{"removed":{"key":…,"channel":…}}`: that record is gone
 * - `{"archived":{…},"schema":1}`: an incident of the history; the newest line of an id wins
 * - `{"pruned":<time>}`: what ended before that time is gone from the history above; with `"through":<id>` also what
 *   ended at that time and has this id or a lower one (the version before knows the time alone: for it these are there)
 * Blank lines mean nothing.
 */
export const FORMAT = 1;
export const HEADER = `{"alert_threader":${FORMAT}}`;

export type Line =
  | { readonly kind: 'header'; readonly version: number }
  | { readonly kind: 'record'; readonly schema: number; readonly record: ThreadRecord; readonly rolls: RollRows }
  | { readonly kind: 'rows'; readonly rolls: RollRows }
  | { readonly kind: 'removed'; readonly key: string; readonly channel: string }
  | { readonly kind: 'archived'; readonly schema: number; readonly thread: IncidentThread }
  | { readonly kind: 'pruned'; readonly cut: Cut }
  | { readonly kind: 'unknown' };

const NO_ROWS: RollRows = [];

const encoded = (rolls: RollRows): readonly (readonly [string, string])[] =>
  rolls.map(([incidentId, rows]) => [incidentId, encodeRows(rows)]);

export const recordLine = (record: ThreadRecord, rolls: RollRows = NO_ROWS): string =>
  JSON.stringify(rolls.length === 0 ? record : { roll: encoded(rolls), ...record });
export const rowsLine = (rolls: RollRows): string => JSON.stringify({ roll: encoded(rolls) });
export const removedLine = (key: string, channel: string): string => JSON.stringify({ removed: { key, channel } });
export const archivedLine = (archived: IncidentThread): string => JSON.stringify({ archived, schema: SCHEMA });
export const prunedLine = ({ before, through }: Cut): string => JSON.stringify({ pruned: before, through });

const UNKNOWN: Line = { kind: 'unknown' };

/** @returns undefined where it is none */
const readRolls = (value: unknown): RollRows | undefined => {
  if (value === undefined) return NO_ROWS;
  if (!Array.isArray(value)) return undefined;
  const rolls: [string, readonly RowChange[]][] = [];
  for (const pair of value as unknown[]) {
    const [incidentId, text] = Array.isArray(pair) ? (pair as unknown[]) : [];
    const rows = typeof text === 'string' ? decodeRows(text) : undefined;
    if (typeof incidentId !== 'string' || rows === undefined) return undefined;
    rolls.push([incidentId, rows]);
  }
  return rolls;
};

/** Says what a parsed line is. A record of a newer schema is told by its number alone: its shape is not ours to judge. */
export const readLine = (value: unknown): Line => {
  if (!isObject(value)) return UNKNOWN;
  const { schema, alert_threader: version, removed, archived, pruned, through } = value;
  if (typeof schema === 'number') {
    if (archived !== undefined) {
      const thread = schema > SCHEMA || isThread(archived) ? (archived as IncidentThread) : undefined;
      return thread === undefined ? UNKNOWN : { kind: 'archived', schema, thread };
    }
    if (schema > SCHEMA) return { kind: 'record', schema, record: value as unknown as ThreadRecord, rolls: NO_ROWS };
    const { roll, ...record } = value;
    const rolls = readRolls(roll);
    if (rolls === undefined || !isRecord(value)) return UNKNOWN;
    return { kind: 'record', schema, record: (roll === undefined ? value : record) as unknown as ThreadRecord, rolls };
  }
  if (value['roll'] !== undefined) {
    const rolls = readRolls(value['roll']);
    return rolls === undefined ? UNKNOWN : { kind: 'rows', rolls };
  }
  if (typeof version === 'number') return { kind: 'header', version };
  if (typeof pruned === 'number') {
    return { kind: 'pruned', cut: { before: pruned, ...(typeof through === 'string' && { through }) } };
  }
  if (isObject(removed)) {
    const { key, channel } = removed;
    if (typeof key === 'string' && typeof channel === 'string') return { kind: 'removed', key, channel };
  }
  return UNKNOWN;
};
