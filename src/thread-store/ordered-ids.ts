/** Ids that are gone may stay until they are so many. */
const SLACK = 1000;

/**
 * Incident ids in order, which is the order of time. New ids mostly come last, so adding is cheap; what is out of order
 * or gone is put right by the next reader.
 */
export class OrderedIds {
  private ids: string[] = [];
  private sorted = true;

  /** @param present what is there now; an id may be added before it is */
  constructor(private readonly present: { readonly size: number; has(id: string): boolean }) {}

  add(id: string): void {
    const last = this.ids.at(-1);
    if (last !== undefined && last >= id) this.sorted = false;
    this.ids.push(id);
    if (this.ids.length > 2 * this.present.size + SLACK) this.tidy();
  }

  /** Ids that come before `cursor` (all without one), the newest first. */
  *newestFirst(cursor: string | undefined): Generator<string, void, undefined> {
    if (!this.sorted || this.ids.length > this.present.size + SLACK) this.tidy();
    let at = this.ids.length - 1;
    if (cursor !== undefined) {
      let low = 0;
      let high = this.ids.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((this.ids[middle] ?? '') < cursor) low = middle + 1;
        else high = middle;
      }
      at = low - 1;
    }
    for (const ids = this.ids; at >= 0; at--) {
      const id = ids[at];
      if (id !== undefined && this.present.has(id)) yield id;
    }
  }

  private tidy(): void {
    this.ids = [...new Set(this.ids)].filter((id) => this.present.has(id)).sort();
    this.sorted = true;
  }
}
