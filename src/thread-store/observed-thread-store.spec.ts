import { emptyRecord, type ThreadRecord } from '../domain/record.js';
import { ObservedThreadStore, type ClosableStore } from './observed-thread-store.js';
import { StoreObserver, type StoreOperation } from './store-observer.js';
import { StoreUnavailableError, type RecordChange, type RecordUpdate } from './thread-store.js';
import { NO_ROLLS } from '../domain/roll.js';

const CHANNEL = 'C0123456789';
const failure = new StoreUnavailableError('full', 'ENOSPC');

class Notes extends StoreObserver {
  readonly operations: string[] = [];
  readonly changes: [before: number | null, after: number | null][] = [];
  private time = 0;

  override now(): number {
    return (this.time += 10);
  }

  override ended(operation: StoreOperation, startedAt: number, error?: unknown): void {
    this.operations.push(`${operation} from ${startedAt}${error === failure ? ' failed' : ''}`);
  }

  override changed(before: ThreadRecord, after: ThreadRecord): void {
    this.changes.push([before.due, after.due]);
  }
}

const due = (value: number | null): ThreadRecord => ({ ...emptyRecord('key', CHANNEL), due: value });
const plus: RecordChange = (record) => ({ ...record, due: (record.due ?? 0) + 1 });
const same: RecordChange = (record) => record;

describe('a store that is observed', () => {
  let notes: Notes;
  /** What the store gives a change, one after the other: it runs it again where another process was faster. */
  let states: ThreadRecord[];
  let broken: boolean;
  const observed = (readsMemory = false): ObservedThreadStore => {
    const run = (change: RecordChange): ThreadRecord =>
      states.map((state) => change(state, NO_ROLLS)).at(-1) ?? due(null);
    const answer = <T>(value: T): Promise<T> => (broken ? Promise.reject(failure) : Promise.resolve(value));
    const store = {
      get: () => answer(due(1)),
      list: () => answer({ items: [] }),
      update: (_key: string, _channel: string, change: RecordChange) => {
        const result = run(change);
        return answer(result);
      },
      updateAll: (updates: readonly RecordUpdate[]) => answer(updates.map(({ change }) => run(change))),
    };
    return new ObservedThreadStore(store as unknown as ClosableStore, notes, readsMemory);
  };

  beforeEach(() => {
    notes = new Notes();
    states = [due(5)];
    broken = false;
  });

  it('tells what took how long, and how it ended', async () => {
    const store = observed();
    await store.get('key', CHANNEL);
    broken = true;
    await expect(store.list({ limit: 1 })).rejects.toBe(failure);
    expect(notes.operations).toEqual(['get from 10', 'list from 20 failed']);
  });

  it('measures no reads of a store that keeps its records in memory', async () => {
    const store = observed(true);
    expect((await store.get('key', CHANNEL))?.due).toBe(1);
    await store.list({ limit: 1 });
    expect(notes.operations).toEqual(['list from 10']);
  });

  it('tells of a change once, as the store made it in the end', async () => {
    states = [due(1), due(7)];
    expect((await observed().update('key', CHANNEL, plus)).due).toBe(8);
    expect(notes.changes).toEqual([[7, 8]]);
    await observed().updateAll([
      { key: 'a', channel: CHANNEL, change: plus },
      { key: 'b', channel: CHANNEL, change: same },
    ]);
    expect(notes.changes).toEqual([
      [7, 8],
      [7, 8],
    ]);
    expect(notes.operations).toEqual(['update from 10', 'update from 20']);
  });

  it('tells of none that was not made: the store refused it, or nothing was to change in the end', async () => {
    broken = true;
    await expect(observed().update('key', CHANNEL, plus)).rejects.toBe(failure);
    const changes = [{ key: 'a', channel: CHANNEL, change: plus }];
    await expect(observed().updateAll(changes)).rejects.toBe(failure);
    broken = false;
    states = [due(1), due(9)];
    await observed().update('key', CHANNEL, (record) => (record.due === 9 ? record : plus(record, NO_ROLLS)));
    expect(notes.changes).toEqual([]);
  });
});
