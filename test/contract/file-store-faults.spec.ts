import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock } from '../../src/clock/clock.js';
import { StoreUnavailableError } from '../../src/thread-store/thread-store.js';
import { StoreFolder } from './file-store.js';
import { CHANNEL, counted, emptied, holding, incidentId, resolved, thread } from './records.js';
import { failure, TestDisk, type DiskCall } from './test-disk.js';
import { mountTmpfs } from './tmpfs.js';

class SteppedClock extends SystemClock {
  ahead = 0;
  override monotonic(): number {
    return super.monotonic() + this.ahead;
  }
}

describe('a commit that fails', () => {
  let folder: StoreFolder;
  let disk: TestDisk;
  let failing: DiskCall[];

  beforeEach(async () => {
    folder = await StoreFolder.make();
    disk = new TestDisk();
    failing = [];
    disk.before = (call) => {
      if (failing.includes(call)) throw failure('ENOSPC');
    };
  });
  afterEach(async () => {
    failing = [];
    await folder.dispose();
  });

  it.each<[string, DiskCall[]]>([
    ['write', ['write']],
    ['write, and it cannot be cut off', ['write', 'truncate']],
    ['sync', ['datasync']],
    ['sync, and it cannot be cut off', ['datasync', 'truncate']],
    ['sync, and the file cannot be opened again', ['datasync', 'open']],
  ])('takes everything back that it and those behind it changed (%s)', async (_, calls) => {
    const store = await folder.open({ disk });
    const kept = await store.update('kept', CHANNEL, holding(thread(incidentId(1), { rootTs: '1.1' }), { due: 5 }));
    const removed = await store.update('removed', CHANNEL, holding(thread(incidentId(2), { firing: ['f2'] })));
    await store.archive(resolved(10));
    await store.archive(resolved(11));
    const counts = await store.counts();
    const { size } = await stat(folder.file);

    failing = calls;
    let queued: Promise<unknown>[] = [];
    const inner = disk.before;
    disk.before = (call, path) => {
      if (queued.length === 0) {
        // behind the commit that runs
        queued = [
          store.update('kept', CHANNEL, counted),
          store.update('late', CHANNEL, counted),
          store.archive(resolved(13)),
        ];
        for (const one of queued) one.catch(() => undefined);
      }
      return inner(call, path);
    };
    const changes = [
      store.update('kept', CHANNEL, holding(thread(incidentId(1), { rootTs: '9.9', firing: ['f9'] }), { due: 1 })),
      store.update('kept', CHANNEL, (record) => record),
      store.update('removed', CHANNEL, emptied),
      store.update('removed', CHANNEL, (record) => record),
      store.update('new', CHANNEL, holding(thread(incidentId(3)))),
      store.archive(resolved(12)),
      store.prune(Infinity),
    ];
    for (const result of [...(await Promise.allSettled(changes)), ...(await Promise.allSettled(queued))]) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'ENOSPC' } });
      expect(result.status === 'rejected' && result.reason).toBeInstanceOf(StoreUnavailableError);
    }

    const asBefore = async (): Promise<void> => {
      expect(await store.get('kept', CHANNEL)).toEqual(kept);
      expect(await store.get('removed', CHANNEL)).toEqual(removed);
      expect(await store.get('new', CHANNEL)).toBeUndefined();
      expect(await store.get('late', CHANNEL)).toBeUndefined();
      expect(await store.findByMessage(CHANNEL, '9.9')).toBeUndefined();
      expect(await store.findByMessage(CHANNEL, '1.1')).toEqual(kept);
      expect(await store.findByFingerprint('f2')).toEqual([removed]);
      expect(await store.findByFingerprint('f9')).toEqual([]);
      expect((await store.pending(Number.MAX_SAFE_INTEGER, 1)).map(({ due }) => due)).toEqual([5]);
      expect(await store.counts()).toEqual(counts);
      expect((await store.list({ limit: 9 })).items.map(({ incident }) => incident.id)).toEqual(
        [11, 10, 2, 1].map(incidentId),
      );
    };
    await asBefore();
    await expect(store.ping()).rejects.toMatchObject({ code: 'ENOSPC' });

    failing = [];
    const later = await store.update('new', CHANNEL, counted);
    await expect(store.ping()).resolves.toBeUndefined();
    await store.close();
    // nothing of the failed commits is in the file
    expect((await readFile(folder.file)).subarray(size).toString()).toBe(`${JSON.stringify(later)}\n`);
    const again = await folder.open();
    expect(await again.get('kept', CHANNEL)).toEqual(kept);
    expect(await again.incident(incidentId(10))).toEqual(resolved(10));
    expect(folder.log.messages('error').filter((message) => !/write failed/.test(message))).toEqual([]);
  });

  it('is noticed as over by ping alone, which tries at most once a second and leaves nothing behind', async () => {
    const clock = new SteppedClock();
    const store = await folder.open({ disk, clock });
    await store.update('a', CHANNEL, counted);
    const { size } = await stat(folder.file);
    failing = ['write'];
    await expect(store.update('a', CHANNEL, counted)).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(store.ping()).rejects.toMatchObject({ code: 'ENOSPC' });
    failing = [];
    await expect(store.ping()).rejects.toMatchObject({ code: 'ENOSPC' }); // within the second: not tried again
    clock.ahead = 1000;
    await Promise.all([store.ping(), store.ping()]);
    await store.ping();
    expect((await stat(folder.file)).size).toBe(size);
    expect((await store.update('a', CHANNEL, counted)).adopt).toBe('2');
  });

  it('does not stop close', async () => {
    const store = await folder.open({ disk });
    failing = ['write', 'truncate'];
    const refused = expect(store.update('a', CHANNEL, counted)).rejects.toMatchObject({ code: 'ENOSPC' });
    await store.close();
    await refused;
    await expect(store.update('a', CHANNEL, counted)).rejects.toMatchObject({ code: 'closed' });
    await expect(store.ping()).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('a real disk', () => {
  let parent: string;
  let folder: StoreFolder;
  let mounts: (() => void)[];

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'thread-store-disk-'));
    mounts = [];
    folder = await StoreFolder.make(join(parent, 'store'));
  });
  afterEach(async () => {
    await folder.close();
    for (const unmount of mounts.reverse()) unmount();
    await rm(parent, { recursive: true, force: true });
  });

  it('that is full refuses changes, takes them again once there is room, and loses none that it took', async () => {
    const unmount = mountTmpfs(parent, 'size=1m');
    if (unmount === undefined) return;
    mounts.push(unmount);
    const clock = new SteppedClock();
    const store = await folder.open({ clock });
    await writeFile(join(parent, 'ballast'), Buffer.alloc(500_000));
    const taken = new Set<string>();
    const refused: unknown[] = [];
    const fill = async (from: number): Promise<void> => {
      await Promise.all(
        Array.from({ length: 200 }, async (_, n) => {
          const key = `key ${from + n}`;
          await store.update(key, CHANNEL, holding(thread(incidentId(from + n)))).then(
            () => taken.add(key),
            (error: unknown) => refused.push(error),
          );
        }),
      );
    };
    for (let from = 0; refused.length === 0; from += 200) await fill(from);
    expect(refused[0]).toMatchObject({ name: 'StoreUnavailableError', code: 'ENOSPC' });
    clock.ahead += 1000;
    await expect(store.ping()).rejects.toMatchObject({ code: 'ENOSPC' });

    await rm(join(parent, 'ballast'));
    clock.ahead += 1000;
    await expect(store.ping()).resolves.toBeUndefined();
    const before = taken.size;
    await fill(5000);
    expect(taken.size).toBe(before + 200);
    await store.close();
    const again = await folder.open();
    for (const key of taken) expect(await again.get(key, CHANNEL)).toMatchObject({ key, version: 1 });
    expect(folder.log.messages('error').filter((message) => !/write failed/.test(message))).toEqual([]);
  });

  it('that is read-only refuses changes and takes them again afterwards', async () => {
    const clock = new SteppedClock();
    const store = await folder.open({ clock });
    await store.update('a', CHANNEL, counted);
    // a disk that is being written cannot be made read-only: a read-only one is mounted over its folder
    const unmount = mountTmpfs(folder.path, 'ro');
    if (unmount === undefined) return;
    mounts.push(unmount);
    await expect(store.update('a', CHANNEL, counted)).rejects.toMatchObject({ code: 'EROFS' });
    clock.ahead += 1000;
    await expect(store.ping()).rejects.toMatchObject({ code: 'EROFS' });
    await expect(folder.open({ file: join(folder.path, 'other.json') })).rejects.toMatchObject({
      code: 'EROFS',
      message: expect.stringMatching(/^open thread store .*other\.json: EROFS/) as string,
    });
    mounts.pop()?.();
    clock.ahead += 1000;
    await expect(store.ping()).resolves.toBeUndefined();
    expect((await store.update('a', CHANNEL, counted)).adopt).toBe('2');
    expect(folder.log.messages('warn')).toEqual([]);
    await store.close();
    expect(await (await folder.open()).get('a', CHANNEL)).toMatchObject({ adopt: '2', version: 2 });
  });
});
