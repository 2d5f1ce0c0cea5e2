import { statSync } from 'node:fs';
import { StoreFolder } from './file-store.js';
import { CHANNEL, counted, emptied, holding, incidentId, resolved, thread } from './records.js';
import { failure, TestDisk } from './test-disk.js';

describe('a commit', () => {
  let folder: StoreFolder;
  const size = (): number => statSync(folder.file).size;

  beforeEach(async () => {
    folder = await StoreFolder.make();
  });
  afterEach(async () => {
    await folder.dispose();
  });

  it('writes one line for all changes of a record', async () => {
    const store = await folder.open({ compactFrom: Infinity });
    const adopt = 'x'.repeat(100_000);
    await store.update('big', CHANNEL, (record) => ({ ...record, adopt }));
    const before = size();
    const changes = Array.from({ length: 1000 }, (_, due) =>
      store.update('big', CHANNEL, (record) => ({ ...record, due })),
    );
    const versions = (await Promise.all(changes)).map(({ version }) => version);
    expect(versions).toEqual(Array.from({ length: 1000 }, (_, n) => n + 2));
    // A batch that is worth its own write goes at once, the rest in the next one.
    expect(size() - before).toBeLessThan(2 * 101_000);
    await store.close();
    expect(await (await folder.open()).get('big', CHANNEL)).toMatchObject({ adopt, due: 999, version: 1001 });
  });

  it('knows where the incidents of the history are among the lines of records that change again and again', async () => {
    const store = await folder.open({ compactFrom: Infinity });
    const changes: Promise<unknown>[] = [];
    for (let n = 0; n < 30; n++) {
      changes.push(
        store.update('a', CHANNEL, counted),
        store.archive(resolved(n)),
        store.update('b', CHANNEL, counted),
      );
      if (n % 10 === 0) changes.push(store.archive(resolved(n, 5000 + n)));
    }
    await Promise.all(changes);
    for (let n = 0; n < 30; n++) {
      expect(await store.incident(incidentId(n))).toEqual(n % 10 === 0 ? resolved(n, 5000 + n) : resolved(n));
    }
    expect(await store.get('a', CHANNEL)).toMatchObject({ adopt: '30', version: 30 });
  });

  it('leaves a record as the last of its changes left it: removed, or made again', async () => {
    const store = await folder.open();
    const full = holding(thread(incidentId(1), { rootTs: '1.1' }));
    await Promise.all([
      store.update('removed', CHANNEL, full),
      store.update('removed', CHANNEL, emptied),
      store.update('again', CHANNEL, counted),
      store.update('again', CHANNEL, emptied),
      store.update('again', CHANNEL, counted),
    ]);
    await store.update('later', CHANNEL, counted);
    await Promise.all([
      store.update('later', CHANNEL, emptied),
      store.update('later', CHANNEL, counted),
      store.update('later', CHANNEL, emptied),
    ]);
    const check = async (opened: typeof store): Promise<void> => {
      expect(await opened.get('removed', CHANNEL)).toBeUndefined();
      expect(await opened.findByMessage(CHANNEL, '1.1')).toBeUndefined();
      expect(await opened.get('again', CHANNEL)).toMatchObject({ adopt: '1' });
      expect(await opened.get('later', CHANNEL)).toBeUndefined();
      expect(await opened.counts()).toMatchObject({ threads: 1, incidents: { firing: 0 } });
    };
    await check(store);
    await store.close();
    await check(await folder.open());
  });

  it('that fails takes back all changes of a record at once, those of the next commit too', async () => {
    const disk = new TestDisk();
    const store = await folder.open({ disk });
    const before = await store.update('a', CHANNEL, counted);
    let queued: Promise<PromiseSettledResult<unknown>[]> | undefined;
    const five = (): Promise<unknown>[] =>
      ['a', 'a', 'new', 'a', 'new'].map((key) => store.update(key, CHANNEL, counted));
    disk.before = (call) => {
      if (call !== 'write') return;
      queued ??= Promise.allSettled(five());
      throw failure('EIO');
    };
    const results = await Promise.allSettled(five());
    results.push(...((await queued) ?? []));
    expect(results).toHaveLength(10);
    for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: { code: 'EIO' } });
    expect(await store.get('a', CHANNEL)).toEqual(before);
    expect(await store.get('new', CHANNEL)).toBeUndefined();
    disk.before = () => undefined;
    const after = await store.update('a', CHANNEL, counted);
    expect(after).toMatchObject({ adopt: '2', version: 2 });
    await store.close();
    const again = await folder.open();
    expect(await again.get('a', CHANNEL)).toEqual(after);
    expect(await again.get('new', CHANNEL)).toBeUndefined();
  });
});
