/** Something that waits for its time. */
export interface Waiting {
  due: number;
  /** Raised by each new waiter: of those with the same `due`, the one that waits longest goes first. */
  turn: number;
  /** Its place in the heap; -1 when it does not wait. */
  place: number;
}

const before = (a: Waiting, b: Waiting): boolean => a.due < b.due || (a.due === b.due && a.turn < b.turn);

/** Binary heap whose members know their place, so that one can be moved or taken out at any time. */
export class DueHeap<T extends Waiting> {
  private readonly heap: T[] = [];
  private turns = 0;

  get size(): number {
    return this.heap.length;
  }

  get first(): T | undefined {
    return this.heap[0];
  }

  /** Waits from now on, or until another time; null: no longer. The same time again keeps its turn. */
  set(item: T, due: number | null): void {
    if (due === null) {
      if (item.place >= 0) this.remove(item);
    } else if (item.place < 0) {
      item.due = due;
      item.turn = this.turns++;
      this.up(item, this.heap.length);
    } else if (item.due !== due) {
      item.due = due;
      item.turn = this.turns++;
      this.settle(item, item.place);
    }
  }

  /** Those whose time has come, the longest waiting first; costs as much as there are, however many wait. */
  until(now: number, limit: number): T[] {
    const found: T[] = [];
    const frontier = new DueHeap<Waiting & { at: number }>();
    const offer = (at: number): void => {
      const item = this.heap[at];
      if (item === undefined || item.due > now) return;
      const entry = { due: item.due, turn: item.turn, place: -1, at };
      frontier.up(entry, frontier.heap.length);
    };
    offer(0);
    for (let next = frontier.first; next !== undefined && found.length < limit; next = frontier.first) {
      frontier.remove(next);
      const item = this.heap[next.at];
      if (item !== undefined) found.push(item);
      offer(2 * next.at + 1);
      offer(2 * next.at + 2);
    }
    return found;
  }

  private remove(item: T): void {
    const place = item.place;
    item.place = -1;
    const last = this.heap.pop();
    if (last !== undefined && last !== item) this.settle(last, place);
  }

  private settle(item: T, place: number): void {
    this.up(item, place);
    this.down(item, item.place);
  }

  private up(item: T, place: number): void {
    while (place > 0) {
      const parentPlace = (place - 1) >> 1;
      const parent = this.heap[parentPlace];
      if (parent === undefined || !before(item, parent)) break;
      this.put(parent, place);
      place = parentPlace;
    }
    this.put(item, place);
  }

  private down(item: T, place: number): void {
    for (;;) {
      let childPlace = 2 * place + 1;
      let child = this.heap[childPlace];
      if (child === undefined) break;
      const right = this.heap[childPlace + 1];
      if (right !== undefined && before(right, child)) {
        child = right;
        childPlace += 1;
      }
      if (!before(child, item)) break;
      this.put(child, place);
      place = childPlace;
    }
    this.put(item, place);
  }

  private put(item: T, place: number): void {
    this.heap[place] = item;
    item.place = place;
  }
}
