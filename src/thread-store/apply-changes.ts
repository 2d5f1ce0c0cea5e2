import { emptyRecord, isEmpty, type ThreadRecord } from '../domain/record.js';
import type { Rolls } from '../domain/roll.js';
import type { RollRows } from '../domain/staged-rolls.js';
import { StagedRolls } from '../domain/staged-rolls.js';
import type { RecordChange } from './thread-store.js';

/** Somebody who waits for a change to be made. */
export interface WaitingChange {
  readonly change: RecordChange;
  /** Ids of the rows that it may read. */
  readonly members: readonly string[];
  readonly resolve: (record: ThreadRecord) => void;
  readonly reject: (error: unknown) => void;
}

export interface AppliedChanges {
  /** What is to be stored; undefined: nothing any more. */
  readonly next: ThreadRecord | undefined;
  /** Rows that are to be stored with it. */
  readonly rows: RollRows;
  /** False: it is as before. */
  readonly changed: boolean;
  /** What each of the waiting ones is given once that is durable. */
  readonly results: readonly (readonly [WaitingChange, ThreadRecord])[];
  /** Those whose change threw. */
  readonly thrown: readonly (readonly [WaitingChange, unknown])[];
}

/** Makes changes of one record in order. @param stored as it is; undefined where there is none, which `empty` stands for */
export const applyChanges = (
  stored: ThreadRecord | undefined,
  empty: ThreadRecord,
  waiting: readonly WaitingChange[],
  known: Pick<Rolls, 'get'>,
): AppliedChanges => {
  const { key, channel } = empty;
  const results: [WaitingChange, ThreadRecord][] = [];
  const thrown: [WaitingChange, unknown][] = [];
  let there = stored;
  let missing = empty;
  let changed = false;
  const all = new StagedRolls(known);
  for (const one of waiting) {
    const before = there ?? missing;
    const rolls = new StagedRolls(all); // of one that throws nothing stays
    try {
      const after = one.change(before, rolls);
      const gone = after !== before && isEmpty(after);
      const same = after === before && rolls.isEmpty;
      if (same || (there === undefined && gone && isEmpty(before))) {
        results.push([one, before]);
        continue;
      }
      if (after.key !== key || after.channel !== channel) throw new Error(`change of ${key}: another identity`);
      const raised = { ...after, version: before.version + 1 };
      there = gone ? undefined : raised;
      if (gone) missing = emptyRecord(key, channel);
      changed = true;
      all.setAll(rolls.rows());
      results.push([one, raised]);
    } catch (error) {
      thrown.push([one, error]);
    }
  }
  return { next: there, rows: all.rows(), changed, results, thrown };
};
