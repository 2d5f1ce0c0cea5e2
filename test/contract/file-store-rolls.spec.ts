import { readFileSync, statSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import type { ThreadRecord } from '../../src/domain/record.js';
import type { Member, Rolls } from '../../src/domain/roll.js';
import type { FileThreadStore } from '../../src/thread-store/file-thread-store.js';
import type { ThreadStore } from '../../src/thread-store/thread-store.js';
import { Roll } from '../../src/thread-store/roll.js';
import { StoreFolder } from './file-store.js';
import { CHANNEL, counted, emptied, holding, incidentId, KEY } from './records.js';
import { crowded, ENDED, FIRING, memberOf, read } from './rolls.contract.js';
import { failure, TestDisk } from './test-disk.js';

const ID = incidentId(1);
const sets =
  (rows: readonly (readonly [number, Member | null])[]) =>
  (record: ThreadRecord, rolls: Rolls): ThreadRecord => {
    for (const [n, member] of rows) rolls.set(ID, memberOf(n), member);
    return record.current === null ? holding(crowded(rows.length))(record) : record;
  };
const many = (count: number, member: Member) => Array.from({ length: count }, (_, n) => [n, member] as const);

describe('rows of rolls in the file', () => {
  let folder: StoreFolder;
  const change = (store: ThreadStore, rows: Parameters<typeof sets>[0]): Promise<ThreadRecord> =>
    store.update(
      KEY,
      CHANNEL,
      sets(rows),
      rows.map(([n]) => memberOf(n)),
    );
  const reopened = async (store: FileThreadStore): Promise<FileThreadStore> => {
    await store.close();
    return folder.open();
  };

  beforeEach(async () => {
    folder = await StoreFolder.make();
  });
  afterEach(async () => {
    await folder.dispose();
  });

  it('cost a change of one of ten thousand little more than its record', async () => {
    const store = await folder.open();
    await change(store, many(10_000, FIRING));
    const before = statSync(folder.file).size;
    await change(store, [[4_711, ENDED]]);
    expect(statSync(folder.file).size - before).toBeLessThan(2_000);
  });

  it('outlive a compaction, with what changes while it runs', async () => {
    const disk = new TestDisk();
    const store = await folder.open({ compactFrom: 20_000, disk });
    await change(store, many(10_000, FIRING));
    let meanwhile: Promise<unknown> = Promise.resolve();
    disk.before = (call, path) => {
      if (call === 'write' && path.endsWith('.compact.tmp')) {
        disk.before = () => undefined;
        meanwhile = change(store, [
          [9_999, ENDED],
          [0, null],
          [10_000, FIRING],
        ]);
      }
    };
    const done = folder.log.until(/compacted/);
    let over = false;
    void done.then(() => (over = true));
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- set above
    while (!over) await Promise.all(Array.from({ length: 50 }, () => store.update('busy', CHANNEL, counted)));
    await meanwhile;
    expect(readFileSync(folder.file, 'utf8')).toContain('{"roll":[["');
    const ids = [0, 1, 9_998, 9_999, 10_000].map(memberOf);
    const rows = [undefined, FIRING, FIRING, ENDED, FIRING];
    expect(await read(store, ids)).toEqual(rows);
    expect(await read(await reopened(store), ids)).toEqual(rows);
  });

  it('are taken back with the record when a commit fails', async () => {
    const disk = new TestDisk();
    const store = await folder.open({ disk });
    await change(store, many(3, FIRING));
    disk.before = (call) => {
      if (call === 'datasync') throw failure('ENOSPC');
    };
    const failed = await Promise.allSettled([
      change(store, [
        [0, ENDED],
        [3, FIRING],
      ]),
      store.update(KEY, CHANNEL, emptied),
    ]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    disk.before = () => undefined;
    expect(await read(store, [0, 1, 3].map(memberOf))).toEqual([FIRING, FIRING, undefined]);
    expect(await read(await reopened(store), [0, 1, 3].map(memberOf))).toEqual([FIRING, FIRING, undefined]);
  });

  it('come with their record or not at all, wherever a crash cuts the file', async () => {
    const store = await folder.open();
    await change(store, many(2, FIRING));
    const before = statSync(folder.file).size;
    const whole = await store.update(KEY, CHANNEL, (record, rolls) => {
      rolls.set(ID, memberOf(0), ENDED);
      return { ...record, due: 77 };
    });
    await store.close();
    const bytes = readFileSync(folder.file);
    for (const cut of [before, before + 1, before + 40, bytes.length - 2, bytes.length - 1]) {
      writeFileSync(folder.file, bytes.subarray(0, cut));
      const again = await folder.open();
      const due = (await again.get(KEY, CHANNEL))?.due;
      expect(await read(again, [memberOf(0)])).toEqual([due === whole.due ? ENDED : FIRING]);
      expect(due).toBe(null);
      await again.close();
    }
    writeFileSync(folder.file, bytes);
    expect(await read(await folder.open(), [memberOf(0)])).toEqual([ENDED]);
  });
});

describe('a roll in memory', () => {
  it('is what a map would be', () => {
    const ops = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 300 }), fc.constantFrom<Member | null>(FIRING, ENDED, null)),
      { minLength: 1, maxLength: 2_000 },
    );
    fc.assert(
      fc.property(ops, (changes) => {
        const roll = new Roll();
        const map = new Map<string, Member>();
        for (const [n, member] of changes) {
          roll.set(memberOf(n), member);
          if (member === null) map.delete(memberOf(n));
          else map.set(memberOf(n), member);
        }
        for (let n = 0; n <= 300; n++) expect(roll.get(memberOf(n))).toEqual(map.get(memberOf(n)));
        expect(roll.size).toBe(map.size);
        const listed = new Map<string, Member | null>();
        for (let from: number | undefined = 0; from !== undefined;) {
          const { rows, next }: ReturnType<typeof roll.page> = roll.page(from, 17);
          for (const { id, member } of rows) listed.set(id, member);
          from = next;
        }
        expect(listed).toEqual(map);
      }),
      { numRuns: 50 },
    );
  });
});
