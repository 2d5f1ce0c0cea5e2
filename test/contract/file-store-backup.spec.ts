import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileThreadStore } from '../../src/thread-store/file-thread-store.js';
import { StoreFolder } from './file-store.js';
import { failure, TestDisk } from './test-disk.js';
import { CHANNEL, counted, holding, incidentId, resolved, thread } from './records.js';

describe('backup and restore', () => {
  let folder: StoreFolder;
  let store: FileThreadStore;
  const backup = (): string => join(folder.path, 'backup');

  beforeEach(async () => {
    folder = await StoreFolder.make();
    store = await folder.open({ compactFrom: 10_000 });
  });
  afterEach(async () => {
    await folder.dispose();
  });

  const adoptOf = async (from: FileThreadStore, key: string): Promise<string | undefined> =>
    (await from.get(key, CHANNEL))?.adopt;

  it('a copy made at any moment of a busy store holds everything that was durable before', async () => {
    let over = false;
    const durable = new Map<string, number>();
    const writers = Array.from({ length: 10 }, async (_, n) => {
      const key = `key ${n}`;

      while (!over) durable.set(key, Number((await store.update(key, CHANNEL, counted)).adopt));
    });
    for (let n = 0; n < 20; n++) {
      const before = new Map(durable);
      const copy = await StoreFolder.make(join(folder.path, `backup-${n}`));
      await copyTo(copy);
      const restored = await copy.open();
      for (const [key, count] of before) expect(Number(await adoptOf(restored, key))).toBeGreaterThanOrEqual(count);
      expect(copy.log.messages('error')).toEqual([]);
      await copy.dispose();
    }
    over = true;
    await Promise.all(writers);
  });

  const copyTo = async (target: StoreFolder): Promise<void> => {
    const file = await readFile(folder.file);
    await mkdir(target.path);
    await writeFile(target.file, file);
  };

  const restores: [string, () => Promise<void>][] = [
    ['cp', () => copyFile(backup(), folder.file)],
    ['mv', () => rename(backup(), folder.file)],
    ['rm, then cp', () => rm(folder.file).then(() => copyFile(backup(), folder.file))],
  ];

  it.each(restores)(
    'put back by %s and restarted, the backup counts, and what was changed since then',
    async (_, restore) => {
      await store.update('a', CHANNEL, counted);
      await store.update('b', CHANNEL, holding(thread(incidentId(1))));
      await store.archive(resolved(7));
      await copyFile(folder.file, backup());
      for (let n = 0; n < 50; n++) await store.update('a', CHANNEL, counted);
      await store.update('forgotten by the restore', CHANNEL, counted);
      await store.archive(resolved(8));

      await restore();
      const { ino } = await stat(folder.file);
      await store.update('c', CHANNEL, counted);
      for (let n = 0; n < 300; n++) await store.update('c', CHANNEL, counted); // would be compacted otherwise
      await store.archive(resolved(9));
      expect(folder.log.messages('warn')).toEqual([
        'thread store file was changed by someone else: restart to load it; until then changes are only appended to it',
      ]);
      // it goes on with what it has in memory
      expect(await adoptOf(store, 'a')).toBe('51');
      expect(await store.incident(incidentId(9))).toEqual(resolved(9));
      expect((await store.counts()).archived).toBe(3);
      await store.close();
      expect((await stat(folder.file)).ino).toBe(ino);

      const again = await folder.open();
      expect(await adoptOf(again, 'a')).toBe('1');
      expect(await again.findByIncident(incidentId(1))).toBeDefined();
      expect(await adoptOf(again, 'c')).toBe('301');
      expect(await again.get('forgotten by the restore', CHANNEL)).toBeUndefined();
      expect((await again.list({ limit: 9, status: 'resolved' })).items).toEqual([resolved(9), resolved(7)]);
      expect(folder.log.messages('error')).toEqual([]);
    },
  );

  it('a torn last line of the backup swallows nothing', async () => {
    await store.update('a', CHANNEL, counted);
    const whole = await readFile(folder.file);
    await store.update('b', CHANNEL, counted);
    await writeFile(folder.file, whole.subarray(0, whole.length - 20));
    await store.update('c', CHANNEL, counted);
    await store.close();
    const again = await folder.open();
    expect(await adoptOf(again, 'c')).toBe('1');
    expect(await again.get('a', CHANNEL)).toBeUndefined(); // torn in the backup
    expect(folder.log.messages('error')).toHaveLength(1);
  });

  it('a failed write cuts nothing off a file that is no longer ours', async () => {
    const disk = new TestDisk();
    await store.close();
    store = await folder.open({ disk });
    await store.update('a', CHANNEL, counted);
    await copyFile(folder.file, backup());
    await store.update('a', CHANNEL, counted);
    await copyFile(backup(), folder.file);
    await store.update('b', CHANNEL, counted);
    let truncated = 0;
    disk.before = (call) => {
      if (call === 'truncate') truncated += 1;
      if (call === 'datasync') throw failure('EIO');
    };
    await expect(store.update('b', CHANNEL, counted)).rejects.toMatchObject({ code: 'EIO' });
    await expect(store.update('b', CHANNEL, counted)).rejects.toMatchObject({ code: 'EIO' });
    disk.before = () => undefined;
    await store.update('c', CHANNEL, counted);
    await store.close();
    expect(truncated).toBe(0);
    const again = await folder.open();
    expect(await adoptOf(again, 'a')).toBe('1');
    expect(await adoptOf(again, 'c')).toBe('1');
  });

  it('a deleted file is made again', async () => {
    await store.update('a', CHANNEL, counted);
    await rm(folder.file);
    await store.update('b', CHANNEL, counted);
    await store.close();
    const again = await folder.open();
    expect(await adoptOf(again, 'b')).toBe('1');
  });
});
