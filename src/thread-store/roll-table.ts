import type { ThreadRecord } from '../domain/record.js';
import type { Member } from '../domain/roll.js';
import type { RollRows, RowChange } from '../domain/staged-rolls.js';
import { ROW_BYTES } from './roll-rows.js';
import { Roll } from './roll.js';

/** Rows that a change has set. */
export interface TakenRows {
  /** As they were. */
  readonly before: RollRows;
  /** A roll was forgotten. */
  readonly left: boolean;
  readonly undo: () => void;
}

const NOTHING_TAKEN: TakenRows = { before: [], left: false, undo: () => undefined };

/** The rolls of all live incidents. */
export class RollTable {
  private readonly rolls = new Map<string, Roll>();

  /** Bytes that the rows take in the file, about. */
  get bytes(): number {
    let size = 0;
    for (const roll of this.rolls.values()) size += roll.size;
    return size * ROW_BYTES;
  }

  of(incidentId: string): Roll | undefined {
    return this.rolls.get(incidentId);
  }

  get(incidentId: string, id: string): Member | undefined {
    return this.rolls.get(incidentId)?.get(id);
  }

  set(incidentId: string, { id, member }: RowChange): void {
    let roll = this.rolls.get(incidentId);
    if (roll === undefined) this.rolls.set(incidentId, (roll = new Roll()));
    roll.set(id, member);
  }

  /**
   * Sets rows of the record's present incident, and forgets the roll of the one before it: nothing reads that any more.
   * @returns how to take that back
   */
  take(rows: RollRows, before: ThreadRecord | undefined, after: ThreadRecord | undefined): TakenRows {
    if (this.rolls.size === 0 && rows.length === 0) return NOTHING_TAKEN;
    const present = presentIn(after);
    const set = rows.filter(([incidentId]) => incidentId === present);
    const was = set.map(
      ([incidentId, some]) =>
        [incidentId, some.map(({ id }) => ({ id, member: this.get(incidentId, id) ?? null }))] as const,
    );
    this.setAll(set);
    const earlier = presentIn(before);
    const gone = earlier === undefined || earlier === present ? undefined : this.rolls.get(earlier);
    if (earlier !== undefined && gone !== undefined) this.rolls.delete(earlier);
    const undo = (): void => {
      if (earlier !== undefined && gone !== undefined) this.rolls.set(earlier, gone);
      this.setAll(was);
    };
    return { before: was, left: gone !== undefined, undo };
  }

  private setAll(rolls: RollRows): void {
    for (const [incidentId, rows] of rolls) for (const row of rows) this.set(incidentId, row);
  }

  /** Forgets the rolls of incidents that are not there. */
  keepOnly(isThere: (incidentId: string) => boolean): void {
    for (const id of this.rolls.keys()) if (!isThere(id)) this.rolls.delete(id);
  }
}

const presentIn = (record: ThreadRecord | undefined): string | undefined => record?.current?.incident.id;
