import type { Member, Rolls } from './roll.js';

/** A row that is set; null: it goes. */
export interface RowChange {
  readonly id: string;
  readonly member: Member | null;
}

/** Rows by the incident that they belong to. */
export type RollRows = readonly (readonly [incidentId: string, rows: readonly RowChange[]])[];

/** Rows that one change sets, over those that are there. */
export class StagedRolls implements Rolls {
  /** By incident, then by id. */
  private readonly staged = new Map<string, Map<string, Member | null>>();

  constructor(private readonly before: Pick<Rolls, 'get'>) {}

  get isEmpty(): boolean {
    return this.staged.size === 0;
  }

  get(incidentId: string, id: string): Member | undefined {
    const staged = this.staged.get(incidentId)?.get(id);
    return staged === undefined ? this.before.get(incidentId, id) : (staged ?? undefined);
  }

  set(incidentId: string, id: string, member: Member | null): void {
    const rows = this.staged.get(incidentId);
    if (rows === undefined) this.staged.set(incidentId, new Map([[id, member]]));
    else rows.set(id, member);
  }

  discard(): void {
    this.staged.clear();
  }

  setAll(rolls: RollRows): void {
    for (const [incidentId, rows] of rolls) for (const { id, member } of rows) this.set(incidentId, id, member);
  }

  rows(): RollRows {
    return Array.from(this.staged, ([incidentId, rows]) => [
      incidentId,
      Array.from(rows, ([id, member]) => ({ id, member })),
    ]);
  }
}
