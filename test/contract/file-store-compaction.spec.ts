import { cpSync, mkdirSync } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileThreadStore } from '../../src/thread-store/file-thread-store.js';
import { StoreFolder } from './file-store.js';
import { CHANNEL, counted, emptied, holding, incidentId, resolved, thread } from './records.js';
import { failure, TestDisk } from './test-disk.js';

const FROM = 20_000;
const key = (n: number): string => `key ${n}`;

/** Until the file was rewritten once more than before. */
const compacted = async (folder: StoreFolder, store: FileThreadStore): Promise<void> => {
  const done = folder.log.until(/compacted/);
  let over = false;
  void done.then(() => (over = true));
  while (!over) await store.update('busy', CHANNEL, counted); // eslint-disable-line @typescript-eslint/no-unnecessary-condition
};

describe('compaction', () => {
  let folder: StoreFolder;
  const size = async (): Promise<number> => (await stat(folder.file)).size;

  beforeEach(async () => {
    folder = await StoreFolder.make();
  });
  afterEach(async () => {
    await folder.dispose();
  });

  it('keeps records, history and removals, and makes the file small', async () => {
    const store = await folder.open({ compactFrom: FROM });
    for (let n = 0; n < 10; n++)
      await store.update(key(n), CHANNEL, holding(thread(incidentId(n), { rootTs: `${n}.1` })));
    for (let n = 20; n < 30; n++) await store.archive(resolved(n));
    await store.prune(resolved(22).incident.resolved?.at ?? 0);
    await store.update(key(0), CHANNEL, emptied);
    await compacted(folder, store);
    await store.archive(resolved(40));
    let check = store;
    for (const again of [() => Promise.resolve(store), () => reopened(store)]) {
      check = await again();
      expect((await check.list({ limit: 99 })).items).toEqual([
        ...[40, 29, 28, 27, 26, 25, 24, 23, 22].map((n) => resolved(n)),
        ...[9, 8, 7, 6, 5, 4, 3, 2, 1].map((n) => thread(incidentId(n), { rootTs: `${n}.1` })),
      ]);
      expect(await check.get(key(0), CHANNEL)).toBeUndefined();
    }
    expect(await readdir(folder.path)).toEqual(['threads.json', 'threads.json.lock']);
  });

  const reopened = async (store: FileThreadStore): Promise<FileThreadStore> => {
    await store.close();
    return folder.open({ compactFrom: FROM });
  };

  it('goes on again and again, so that the file stays within twice of what counts', async () => {
    const store = await folder.open({ compactFrom: FROM });
    await Promise.all(
      Array.from({ length: 50 }, (_, n) => store.update(key(n), CHANNEL, holding(thread(incidentId(n))))),
    );
    for (let turn = 0; turn < 60; turn++) {
      await Promise.all(
        Array.from({ length: 50 }, (_, n) => store.update(key(n), CHANNEL, (record) => ({ ...record, due: turn }))),
      );
    }
    await store.close(); // waits for one that runs, or stops it
    expect(folder.log.messages('info').filter((message) => /compacted/.test(message)).length).toBeGreaterThan(3);
    expect(folder.log.messages('warn')).toEqual([]);
    expect(await size()).toBeLessThan(50 * 1000 * 60 * 0.2);
    const again = await folder.open();
    for (let n = 0; n < 50; n++) expect(await again.get(key(n), CHANNEL)).toMatchObject({ due: 59, version: 61 });
  });

  it('knows where everything is that came to the history meanwhile', async () => {
    const store = await folder.open({ compactFrom: FROM });
    let over = false;
    void folder.log.until(/compacted/).then(() => (over = true));
    let count = 0;
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition
    while (!over) {
      await Promise.all([
        store.archive(resolved(count++)),
        ...Array.from({ length: 30 }, (_, n) => store.update(`busy ${n}`, CHANNEL, counted)),
      ]);
    }
    expect((await store.list({ limit: count + 1 })).items).toEqual(
      Array.from({ length: count }, (_, n) => resolved(count - 1 - n)),
    );
  });

  it('is given up when a commit fails meanwhile: memory held what was never durable', async () => {
    const disk = new TestDisk();
    let refused: Promise<unknown> | undefined;
    let failing = false;
    const store = await folder.open({ compactFrom: FROM, disk });
    disk.before = (call, path) => {
      if (call === 'open' && path.endsWith('.compact.tmp')) {
        failing = true;
        refused = store.update('a', CHANNEL, (record) => ({ ...record, adopt: 'refused' }));
        refused.catch(() => undefined);
      }
      if (call === 'write' && path === folder.file && failing) throw failure('EIO');
    };
    const { adopt } = await store.update('a', CHANNEL, counted);

    while (refused === undefined) await store.update('busy', CHANNEL, counted).catch(() => undefined);
    await expect(refused).rejects.toMatchObject({ code: 'EIO' });
    await folder.log.until(/not compacted/);
    await store.close();
    expect(await (await folder.open()).get('a', CHANNEL)).toMatchObject({ adopt, version: 1 });
  });

  it('reads the history while the file is replaced', async () => {
    const store = await folder.open({ compactFrom: FROM });
    for (let n = 0; n < 30; n++) await store.archive(resolved(n));
    let over = false;
    const reader = (async () => {
      for (let n = 0; !over; n = (n + 1) % 30) expect(await store.incident(incidentId(n))).toEqual(resolved(n)); // eslint-disable-line @typescript-eslint/no-unnecessary-condition
    })();
    await compacted(folder, store);
    over = true;
    await reader;
  });

  it('can crash at any point: either file is whole', async () => {
    const disk = new TestDisk();
    const crashes: { path: string; acknowledged: Map<string, number>; archived: number }[] = [];
    const acknowledged = new Map<string, number>();
    let archived = 0;
    let stages = new Set<string>();
    disk.before = (call, path) => {
      if (crashes.length >= 400) return;
      stages.add(`${call} ${path.replace(folder.path, '')}`);
      const copy = join(folder.path, `crash-${crashes.length}`);
      mkdirSync(copy);
      for (const name of ['threads.json', 'threads.json.compact.tmp', 'threads.json.new.tmp']) {
        try {
          cpSync(join(folder.path, name), join(copy, name));
        } catch {
          // not there at this stage
        }
      }
      crashes.push({ path: copy, acknowledged: new Map(acknowledged), archived });
    };
    const store = await folder.open({ compactFrom: FROM, disk });
    const write = async (name: string): Promise<void> => {
      const record = await store.update(name, CHANNEL, counted);
      acknowledged.set(name, Number(record.adopt));
    };
    for (let n = 0; n < 30; n++) await store.archive(resolved(n)).then(() => (archived = n + 1));
    stages = new Set();
    let over = false;
    void folder.log.until(/compacted/).then(() => (over = true));
    const writers = Array.from({ length: 8 }, async (_, n) => {
      while (!over) await write(key(n));
    });
    await Promise.all(writers);
    await write('after');
    await store.close();
    expect([...stages]).toEqual(
      expect.arrayContaining([
        'open /threads.json.compact.tmp',
        'write /threads.json.compact.tmp',
        'datasync /threads.json.compact.tmp',
        'rename /threads.json',
        'sync /threads.json',
        'sync ',
      ]),
    );
    for (const crash of crashes) {
      const after = await StoreFolder.make(crash.path);
      const fresh = await after.open();
      for (const [name, count] of crash.acknowledged) {
        expect(Number((await fresh.get(name, CHANNEL))?.adopt)).toBeGreaterThanOrEqual(count);
      }
      for (let n = 0; n < crash.archived; n++) expect(await fresh.incident(incidentId(n))).toEqual(resolved(n));
      expect(after.log.messages('error')).toEqual([]);
      await after.dispose();
    }
  });

  it.each(['open', 'write', 'datasync', 'rename'] as const)(
    'is given up when the disk refuses (%s), and nothing else is',
    async (call) => {
      const disk = new TestDisk();
      let refusing = true;
      disk.before = (now, path) => {
        const target = call === 'rename' ? folder.file : `${folder.file}.compact.tmp`;
        if (refusing && now === call && path === target && acknowledged > 0) throw failure('ENOSPC');
      };
      let acknowledged = 0;
      const store = await folder.open({ compactFrom: FROM, disk });
      let warned = false;
      void folder.log.until(/not compacted/).then(() => (warned = true));
      while (!warned) acknowledged = Number((await store.update('a', CHANNEL, counted)).adopt); // eslint-disable-line @typescript-eslint/no-unnecessary-condition
      expect(await readdir(folder.path)).toEqual(['threads.json', 'threads.json.lock']);
      const last = await store.update('a', CHANNEL, counted);
      await store.close();
      refusing = false;
      const again = await folder.open({ compactFrom: FROM });
      await folder.log.until(/store compacted/);
      expect(await again.get('a', CHANNEL)).toEqual(last);
      expect(await size()).toBeLessThan(2000);
    },
  );

  it('is left alone by a folder sync that failed: the next commit tries it again', async () => {
    const disk = new TestDisk();
    let failing = 0;
    disk.before = (call, path) => {
      if (call === 'sync' && path === folder.path && failing > 0) throw failure('EIO');
    };
    const store = await folder.open({ compactFrom: FROM, disk });
    failing = 1;
    const outcomes: string[] = [];
    let over = false;
    void folder.log.until(/store compacted/).then(() => (over = true));
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition
    while (!over) await store.update('a', CHANNEL, counted).catch((error: unknown) => outcomes.push(String(error)));
    const before = await store.get('a', CHANNEL);
    await expect(store.update('a', CHANNEL, counted)).rejects.toMatchObject({ code: 'EIO' });
    expect(await store.get('a', CHANNEL)).toEqual(before);
    failing = 0;
    const after = await store.update('a', CHANNEL, counted);
    await store.close();
    expect(await (await folder.open()).get('a', CHANNEL)).toEqual(after);
  });

  it('removes what a killed one left behind', async () => {
    await (await folder.open()).close();
    await writeFile(`${folder.file}.compact.tmp`, 'half');
    await writeFile(`${folder.file}.new.tmp`, 'half');
    await folder.open();
    expect(await readdir(folder.path)).toEqual(['threads.json', 'threads.json.lock']);
  });
});
