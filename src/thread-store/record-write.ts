import type { ThreadRecord } from '../domain/record.js';
import type { Change } from './group-commit.js';
import type { RollRows } from '../domain/staged-rolls.js';
import { recordLine, removedLine } from './lines.js';
import type { RecordTable, Slot } from './record-table.js';
import { StagedRolls } from '../domain/staged-rolls.js';
import type { TakenRows } from './roll-table.js';

/**
 * All changes of one record in one commit: one line, of the state that the record has when the commit begins. Made
 * before the first of the changes, and the slot's `write` from then until the commit begins.
 */
export class RecordWrite implements Change {
  /** The record before the first of the changes; undefined: there was none. */
  readonly before: ThreadRecord | undefined;
  /** Rows that are set with it. */
  private readonly rows = new StagedRolls({ get: () => undefined });
  private readonly taken: TakenRows[] = [];
  private readonly bytes: number;
  private readonly earlierBatch: number;

  /** @param batch number of the commit */
  constructor(
    private readonly table: RecordTable,
    private readonly slot: Slot,
    private readonly key: string,
    private readonly channel: string,
    private readonly batch: number,
  ) {
    this.before = slot.record;
    this.bytes = slot.bytes;
    this.earlierBatch = slot.batch;
  }

  add(rows: RollRows, taken: TakenRows): void {
    this.rows.setAll(rows);
    if (rows.length > 0 || taken.left) this.taken.push(taken);
  }

  get rowsBefore(): RollRows {
    const before = new StagedRolls({ get: () => undefined });
    for (const { before: rows } of this.taken.toReversed()) before.setAll(rows);
    return before.rows();
  }

  line(): string {
    const { record } = this.slot;
    this.slot.write = undefined;
    return record === undefined ? removedLine(this.key, this.channel) : recordLine(record, this.rows.rows());
  }

  measured(length: number): void {
    if (this.slot.record !== undefined) this.table.resize(this.slot, length);
  }

  undo(): void {
    const { slot, table, before } = this;
    slot.write = undefined;
    for (const { undo } of this.taken.toReversed()) undo();
    table.set(slot, before, this.bytes);
    slot.batch = this.earlierBatch;
    if (before === undefined) table.drop(this.key, this.channel);
  }

  /** A removed record keeps its slot until then: whoever finds the record missing waits for that commit. */
  placed(): void {
    if (this.slot.record === undefined && this.slot.batch === this.batch) this.table.drop(this.key, this.channel);
  }
}
