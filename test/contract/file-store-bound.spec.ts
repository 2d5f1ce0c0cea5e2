import { statSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { SystemClock } from '../../src/clock/clock.js';
import type { FileThreadStore } from '../../src/thread-store/file-thread-store.js';
import { StoreFolder } from './file-store.js';
import { CHANNEL, counted, incidentId, resolved } from './records.js';
import { failure, TestDisk } from './test-disk.js';

const FROM = 20_000;
const SLACK = 110_000;
const BIG = 'x'.repeat(20_000);

class SteppedClock extends SystemClock {
  ahead = 0;
  override monotonic(): number {
    return super.monotonic() + this.ahead;
  }
}

/** A new state of a record of 20 kB. */
const bigger = (store: FileThreadStore, name: string): Promise<unknown> =>
  store.update(name, CHANNEL, (record) => ({ ...record, adopt: BIG, due: (record.due ?? 0) + 1 }));

describe('the bound of the file', () => {
  let folder: StoreFolder;
  let disk: TestDisk;
  /** Lets the compaction go on that {@link stuck} stopped. */
  let goOn: () => void;

  beforeEach(async () => {
    folder = await StoreFolder.make();
    disk = new TestDisk();
    goOn = () => undefined;
  });
  afterEach(async () => {
    goOn();
    await folder.dispose();
  });

  const size = (): number => statSync(folder.file).size;
  const isCompaction = (path: string): boolean => path.endsWith('.compact.tmp');

  /** A compaction that does not go on, and writers who wait for it. @returns what they wait for */
  const stuck = async (clock = new SystemClock()): Promise<{ store: FileThreadStore; waiting: Promise<unknown> }> => {
    const free = new Promise<void>((resolve) => (goOn = resolve));
    disk.before = (call, path) => (call === 'open' && isCompaction(path) ? free : undefined);
    const store = await folder.open({ disk, clock, compactFrom: FROM, compactSlack: SLACK });
    let waiting: Promise<unknown> = Promise.resolve();
    let known = 0;
    // Until a change made the file longer than it may be: its writer is the last one that does not wait.
    while (size() <= SLACK + 3 * (BIG.length + 300)) {
      waiting = bigger(store, 'a');
      await waiting;
      expect(size()).toBeGreaterThan(known);
      known = size();
    }
    waiting = bigger(store, 'a');
    return { store, waiting };
  };

  /** Whether it settles while a store that nothing holds makes 20 commits. */
  const settles = async (promise: Promise<unknown>): Promise<boolean> => {
    let settled = false;
    const note = (): void => void (settled = true);
    void promise.then(note, note);
    const free = await folder.open({ file: `${folder.path}/other.json` });
    for (let n = 0; n < 20; n++) await free.update('a', CHANNEL, counted);
    await free.close();
    return settled;
  };

  it('is kept while records of 200 kB change all the time on a slow disk, and no change is refused', async () => {
    const record = 'y'.repeat(200_000);
    const records = 10;
    const counts = records * (record.length + 200);
    const slack = 1_000_000;
    const most = 3 * counts + slack;
    let longest = 0;
    disk.before = async (call, path) => {
      if (isCompaction(path)) await pause(20);
      if (path === folder.file && call === 'datasync') longest = Math.max(longest, size());
    };
    const store = await folder.open({ disk, compactFrom: FROM, compactSlack: slack });
    const compactions = (): number => folder.log.messages('info').filter((text) => /compacted/.test(text)).length;
    const made = new Array<number>(records).fill(0);
    await Promise.all(
      made.map(async (_, n) => {
        while (compactions() < 3) {
          const { due } = await store.update(`key ${n}`, CHANNEL, (before) => ({
            ...before,
            adopt: record,
            due: (before.due ?? 0) + 1,
          }));
          made[n] = due ?? 0;
        }
      }),
    );
    await store.close();
    expect(longest).toBeGreaterThan(2 * counts);
    expect(longest).toBeLessThanOrEqual(most + counts);
    expect(folder.log.messages('warn').filter((text) => !/writers wait/.test(text))).toEqual([]);
    const again = await folder.open();
    for (const [n, due] of made.entries()) expect((await again.get(`key ${n}`, CHANNEL))?.due).toBe(due);
  });

  it('lets writers wait, not readers, until the compaction has ended', async () => {
    const { store, waiting } = await stuck();
    const before = size();
    expect(await settles(waiting)).toBe(false);
    expect(await store.get('a', CHANNEL)).toMatchObject({ adopt: BIG });
    await store.ping();
    const others = [store.archive(resolved(1)), bigger(store, 'b'), store.update('a', CHANNEL, (record) => record)];
    expect(await settles(Promise.race(others))).toBe(false);
    expect(size()).toBe(before);
    goOn();
    await Promise.all([waiting, ...others]);
    expect(size()).toBeLessThan(5 * BIG.length);
    expect(folder.log.messages('warn')).toEqual([]);
    await store.close();
    const again = await folder.open();
    expect(await again.incident(incidentId(1))).toEqual(resolved(1));
    expect(await again.get('b', CHANNEL)).toMatchObject({ adopt: BIG });
  });

  it('is told of in the log when writers wait for more than a second, and so is the end', async () => {
    const { waiting } = await stuck();
    const told = await folder.log.until(/writers wait/);
    expect(told).toMatchObject({ level: 'warn', fields: { file: folder.file } });
    goOn();
    await waiting;
    expect(await folder.log.until(/writes again/)).toMatchObject({
      fields: { milliseconds: expect.any(Number) as number },
    });
  });

  it('holds nobody after a compaction that failed, for a minute; the log says so once', async () => {
    const clock = new SteppedClock();
    const { store, waiting } = await stuck(clock);
    let opened = 0;
    disk.before = (call, path) => {
      if (!isCompaction(path)) return;
      if (call === 'write') throw failure('ENOSPC');
      if (call === 'open') opened += 1;
    };
    goOn();
    await waiting;
    const before = size();
    for (let n = 0; n < 20; n++) await bigger(store, 'a');
    expect(size()).toBeGreaterThan(before + 20 * BIG.length);
    expect(opened).toBe(0);
    const tooLong = (): string[] => folder.log.messages('warn').filter((text) => /too long/.test(text));
    expect(tooLong()).toHaveLength(1);
    clock.ahead = 60_000;
    await bigger(store, 'a');
    await bigger(store, 'a'); // was held until the second one failed
    expect(opened).toBe(1);
    disk.before = () => undefined;
    clock.ahead = 120_000;
    await bigger(store, 'a');
    await bigger(store, 'a');
    expect(size()).toBeLessThan(4 * BIG.length);
    expect(tooLong()).toHaveLength(1);
  });

  it('holds nobody once someone else changed the file', async () => {
    const store = await folder.open({ disk, compactFrom: FROM, compactSlack: SLACK });
    await store.update('a', CHANNEL, counted);
    await writeFile(`${folder.file}.backup`, await readFile(folder.file));
    await rename(`${folder.file}.backup`, folder.file);
    for (let n = 0; n < 15; n++) await bigger(store, 'a');
    expect(size()).toBeGreaterThan(15 * BIG.length);
    expect(folder.log.messages('warn').filter((text) => /too long/.test(text))).toHaveLength(1);
  });

  it('does not keep the store from closing: what waits is written first', async () => {
    const { store, waiting } = await stuck();
    const closed = store.close();
    expect(await settles(Promise.race([waiting, closed]))).toBe(false);
    goOn();
    await Promise.all([waiting, closed]);
    const again = await folder.open();
    expect((await again.get('a', CHANNEL))?.due).toBe((await store.get('a', CHANNEL))?.due);
    expect(folder.log.messages('warn')).toEqual([]);
  });

  it('rejects those who waited when their commit fails, and keeps nothing of their changes', async () => {
    const first = await folder.open({ compactFrom: Infinity });
    for (let n = 0; n < 4; n++) await first.archive(resolved(n, 1000 + n));
    const kept = await first.update('kept', CHANNEL, counted);
    await first.close();
    const { store, waiting } = await stuck();
    const durable = size();
    const late = [
      waiting,
      store.update('kept', CHANNEL, counted),
      store.update('new', CHANNEL, counted),
      store.archive(resolved(3, 5000)),
      store.prune(1002),
      store.archive(resolved(9)),
    ];
    disk.before = (call, path) => {
      if (call === 'write' && path === folder.file) throw failure('ENOSPC');
      // the switched file keeps the name that it was opened by
      if (call === 'write' && isCompaction(path) && size() < durable) throw failure('ENOSPC');
    };
    goOn();
    for (const result of await Promise.allSettled(late)) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'ENOSPC' } });
    }
    await folder.log.until(/store compacted/);
    const asBefore = async (check: FileThreadStore): Promise<void> => {
      expect(await check.get('kept', CHANNEL)).toEqual(kept);
      expect(await check.get('new', CHANNEL)).toBeUndefined();
      for (let n = 0; n < 4; n++) expect(await check.incident(incidentId(n))).toEqual(resolved(n, 1000 + n));
      expect(await check.incident(incidentId(9))).toBeUndefined();
    };
    await asBefore(store);
    disk.before = () => undefined;
    await store.close();
    await asBefore(await folder.open());
  });
});
