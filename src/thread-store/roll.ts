import type { Member } from '../domain/roll.js';
import type { RowChange } from '../domain/staged-rolls.js';
import { isGone, toMember, toState } from './roll-rows.js';

/** Numbers of a row: the id's two halves, then its state. */
const NUMBERS = 5;
const FIRST_ROWS = 256;
const NOWHERE = 0;

/**
 * The rows of one incident in memory: about 30 bytes each, outside the heap, whatever their number. An open-addressing
 * hash table of places in a list of rows. A row that is gone stays, and takes its id back if that comes again.
 */
export class Roll {
  /** Rows that are there. */
  size = 0;
  private rows = new Uint32Array(FIRST_ROWS * NUMBERS);
  /** Places of rows, from 1, by the hash of their id. At most half is taken. */
  private places = new Uint32Array(FIRST_ROWS * 2);
  private used = 0;

  get(id: string): Member | undefined {
    const place = this.places[this.slot(high(id), low(id))] ?? NOWHERE;
    if (place === NOWHERE) return undefined;
    const at = (place - 1) * NUMBERS;
    return toMember(this.rows[at + 2] ?? 0, this.rows[at + 3] ?? 0, this.rows[at + 4] ?? 0);
  }

  set(id: string, member: Member | null): void {
    const [a, b] = [high(id), low(id)];
    let slot = this.slot(a, b);
    let place = this.places[slot] ?? NOWHERE;
    if (place === NOWHERE) {
      if (member === null) return;
      if (this.used * NUMBERS === this.rows.length) {
        this.grow();
        slot = this.slot(a, b);
      }
      place = ++this.used;
      this.places[slot] = place;
      this.rows.set([a, b], (place - 1) * NUMBERS);
    }
    const at = (place - 1) * NUMBERS;
    const was = isGone(this.rows[at + 4] ?? 0);
    this.rows.set(toState(member), at + 2);
    if (was !== (member === null)) this.size += was ? 1 : -1;
  }

  /** Rows from a place on, at most so many; `next` is undefined after the last. What changes meanwhile comes or does not. */
  page(from: number, most: number): { readonly rows: readonly RowChange[]; readonly next: number | undefined } {
    const end = Math.min(this.used, from + most);
    const rows: RowChange[] = [];
    for (let place = from; place < end; place++) {
      const [a = 0, b = 0, startsAt = 0, at = 0, status = 0] = this.rows.subarray(place * NUMBERS);
      const member = toMember(startsAt, at, status);
      if (member !== undefined) rows.push({ id: hex(a) + hex(b), member });
    }
    return { rows, next: end < this.used ? end : undefined };
  }

  /** Where the id is, or would be. */
  private slot(a: number, b: number): number {
    const mask = this.places.length - 1;
    for (let slot = mixed(a, b) & mask; ; slot = (slot + 1) & mask) {
      const place = this.places[slot] ?? NOWHERE;
      const at = (place - 1) * NUMBERS;
      if (place === NOWHERE || (this.rows[at] === a && this.rows[at + 1] === b)) return slot;
    }
  }

  private grow(): void {
    const rows = new Uint32Array(this.rows.length * 2);
    rows.set(this.rows);
    this.rows = rows;
    this.places = new Uint32Array(this.places.length * 2);
    for (let place = 1; place <= this.used; place++) {
      const at = (place - 1) * NUMBERS;
      this.places[this.slot(rows[at] ?? 0, rows[at + 1] ?? 0)] = place;
    }
  }
}

const high = (id: string): number => parseInt(id.slice(0, 8), 16) >>> 0;
const low = (id: string): number => parseInt(id.slice(8, 16), 16) >>> 0;
const hex = (half: number): string => half.toString(16).padStart(8, '0');

/** Ids are hashes already, but a sender may choose them. */
const mixed = (a: number, b: number): number => {
  let hash = Math.imul(a ^ SEED, 0x85eb_ca6b) ^ b;
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2_ae35);
  return (hash ^ (hash >>> 13)) >>> 0;
};

/** Another one in each process, so that nobody can choose ids that all fall into one place. */
const SEED = (Math.random() * 0x1_0000_0000) >>> 0;
