import { setFlagsFromString } from 'node:v8';
import { SCHEMA } from '../domain/record.js';
import { eachLine, type RawLine } from './each-line.js';
import { checksum, indexed, type History } from './history.js';
import type { RollRows } from '../domain/staged-rolls.js';
import { FORMAT, readLine, type Line } from './lines.js';
import type { OpenFile } from './open-file.js';
import type { RecordTable } from './record-table.js';
import type { RollTable } from './roll-table.js';
import { stringSharer } from './share-strings.js';
import { findStaleLines } from './stale-lines.js';
import { StoreUnavailableError } from './thread-store.js';

export interface Loaded {
  /** Where a torn last line begins; undefined when there is none. */
  readonly tornAt: number | undefined;
  /** Numbers of the lines that could not be read (the first hundred), and how many there are. */
  readonly damaged: readonly number[];
  readonly damagedCount: number;
}

interface Memory {
  readonly table: RecordTable;
  readonly history: History;
  readonly rolls: RollTable;
}

interface Target extends Memory {
  readonly file: OpenFile;
}

const DAMAGED_NAMED = 100;
const BLANK = /^[\s\0]*$/;

const refuseNewer = (line: number, what: string, found: number, known: number): never => {
  throw new StoreUnavailableError(
    `line ${line} holds ${what} ${found}, and this version reads up to ${known}. ` +
      'Start the newer Alert Threader that wrote it, or put back a backup made by this one. The file was left as it is',
    'newer-version',
  );
};

/** Reads the whole file into memory. Writes nothing. @param empty makes what it is read into */
export const load = async <T extends Memory>(file: OpenFile, empty: () => T): Promise<T & Loaded> => {
  const quick = empty();
  const loaded = await loadInto({ ...quick, file }, await findStaleLines(file.handle));
  // a newest line that can't be read brings the one before it back
  if (loaded.tornAt === undefined && loaded.damagedCount === 0) return { ...quick, ...loaded };
  const thorough = empty();
  return { ...thorough, ...(await loadInto({ ...thorough, file }, () => false)) };
};

const loadInto = async (target: Target, skip: (line: number) => boolean): Promise<Loaded> => {
  const damaged: number[] = [];
  let damagedCount = 0;
  const damage = (line: number): void => {
    damagedCount += 1;
    if (damaged.length < DAMAGED_NAMED) damaged.push(line);
  };
  /** A line that can't be parsed: torn if it turns out to be the last one, damaged otherwise. */
  let broken: { readonly number: number; readonly offset: number } | undefined;
  const apply = applier(target);

  const visit = (raw: RawLine): void => {
    if (skip(raw.number)) return;
    const text = raw.bytes.toString();
    if (raw.complete && BLANK.test(text)) return;
    if (broken !== undefined) damage(broken.number);
    broken = undefined;
    if (!raw.complete) {
      broken = raw;
      return;
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      broken = { number: raw.number, offset: raw.offset };
      return;
    }
    const line = readLine(value);
    if (line.kind === 'unknown') damage(raw.number);
    else apply(line, raw);
  };

  // V8 spreads what a long parse leaves over half-empty pages: 100,000 records take 350 MB instead of 250 unless its
  // young generation stays small meanwhile. https://nodejs.org/api/v8.html#v8setflagsfromstringflags
  setFlagsFromString('--semi-space-growth-factor=1');
  try {
    await eachLine(target.file.handle, visit);
  } finally {
    setFlagsFromString('--semi-space-growth-factor=2');
  }
  target.rolls.keepOnly((id) => target.table.findByIncident(id)?.current?.incident.id === id);
  return { tornAt: broken?.offset, damaged, damagedCount };
};

const applier = ({ file, table, history, rolls }: Target): ((line: Line, raw: RawLine) => void) => {
  const share = stringSharer();
  const setRows = (all: RollRows): void => {
    for (const [incidentId, rows] of all) for (const row of rows) rolls.set(incidentId, row);
  };
  return (line, { bytes, offset, number }) => {
    switch (line.kind) {
      case 'header':
        if (line.version > FORMAT) refuseNewer(number, 'format', line.version, FORMAT);
        return;
      case 'record': {
        if (line.schema > SCHEMA) refuseNewer(number, 'a record of schema', line.schema, SCHEMA);
        const { record } = line;
        share(record);
        table.set(
          table.find(record.key, record.channel) ?? table.add(record.key, record.channel),
          record,
          bytes.length + 1,
        );
        setRows(line.rolls);
        return;
      }
      case 'rows':
        setRows(line.rolls);
        return;
      case 'removed': {
        const slot = table.find(line.key, line.channel);
        if (slot === undefined) return;
        table.set(slot, undefined, 0);
        table.drop(line.key, line.channel);
        return;
      }
      case 'archived': {
        if (line.schema > SCHEMA) refuseNewer(number, 'an incident of schema', line.schema, SCHEMA);
        const { thread } = line;
        history.add({
          ...indexed(thread),
          checksum: checksum(bytes),
          length: bytes.length,
          file,
          offset,
          thread: undefined,
          batch: 0,
        });
        return;
      }
      case 'pruned':
        history.prune(line.cut);
        return;
      case 'unknown':
    }
  };
};
