import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { SystemClock } from '../../src/clock/clock.js';
import { FileLock } from '../../src/thread-store/file-lock.js';
import { ownIdentity, type ProcessIdentity } from '../../src/thread-store/process-identity.js';
import type { StoreUnavailableError } from '../../src/thread-store/thread-store.js';
import { StoreChild } from './child-process.js';
import { StoreFolder } from './file-store.js';
import { CHANNEL, counted, resolved } from './records.js';

describe('the lock of the file store', () => {
  let folder: StoreFolder;
  let children: StoreChild[];
  const child = (mode?: 'hold' | 'write'): StoreChild => {
    const made = new StoreChild(folder.file, mode);
    children.push(made);
    return made;
  };
  const lock = (): string => `${folder.file}.lock`;
  const leave = (identity: Partial<ProcessIdentity>): Promise<void> =>
    writeFile(lock(), `${JSON.stringify({ ...ownIdentity(0), ...identity })}\n`);

  beforeEach(async () => {
    folder = await StoreFolder.make();
    children = [];
  });
  afterEach(async () => {
    await Promise.all(children.map((one) => one.kill()));
    await folder.dispose();
  });

  it('refuses a second process, says who holds it, and lets it in once the first has stopped', async () => {
    const first = child();
    await first.says(/^open$/);
    const holder = JSON.parse(await readFile(lock(), 'utf8')) as ProcessIdentity;
    const refused = await child().says(/^refused/);
    expect(refused).toMatch(
      new RegExp(
        `^refused locked .*open thread store .*threads\\.json: process ${holder.pid} on ${holder.host} \\(since 20.*Stop it first`,
      ),
    );
    await expect(folder.open()).rejects.toMatchObject({ code: 'locked' });
    await first.stop();
    expect(await readdir(folder.path)).toEqual(['threads.json']);
    await (await folder.open()).close();
  });

  it('is free right after kill -9, and everything durable is there', async () => {
    const first = child('write');
    await first.says(/^durable 20$/);
    first.signal('SIGKILL'); // not waited for: the restart comes at once
    const second = child();
    await second.says(/^open$/);
    const durable = Number((first.lines.findLast((line) => line.startsWith('durable ')) ?? '').split(' ')[1]);
    await second.stop();
    const store = await folder.open();
    expect(Number((await store.get('counter', CHANNEL))?.adopt)).toBeGreaterThanOrEqual(durable);
    expect(await readdir(folder.path)).toEqual(['threads.json', 'threads.json.lock']);
  });

  it('goes to one only of many that start at once, on a free file and on that of a dead process', async () => {
    for (const dead of [false, true]) {
      if (dead) await leave({ pid: process.pid, started: '1' });
      const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => folder.open()));
      const winners = attempts.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(winners).toHaveLength(1);
      for (const one of attempts) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'locked' });
      await winners[0]?.close();
    }
    const processes = Array.from({ length: 4 }, () => child());
    const said = await Promise.all(processes.map((one) => one.says(/^(open|refused)/)));
    expect(said.filter((line) => line === 'open')).toHaveLength(1);
    expect(said.filter((line) => line.startsWith('refused locked'))).toHaveLength(3);
  });

  it.each<[string, Partial<ProcessIdentity>]>([
    ['a process that is gone', { pid: 2 ** 22 + 1 }],
    ['a process whose number another one has now (pid 1 of a container)', { pid: process.pid, started: '1' }],
  ])('of %s is taken over at once', async (_, identity) => {
    await leave(identity);
    const started = performance.now();
    const store = await folder.open({ lockTimes: { heartbeat: 20, watch: 60_000 } });
    expect(performance.now() - started).toBeLessThan(5000);
    await store.update('a', CHANNEL, counted);
  });

  describe.each<[string, Partial<ProcessIdentity>]>([
    ['on another host', { host: 'elsewhere' }],
    ['in another container', { namespace: 'pid:[1]' }],
    ['of another boot', { boot: 'another' }],
  ])('of a process %s', (_, identity) => {
    it('is taken over when its heartbeat stands still', async () => {
      await leave(identity);
      await (await folder.open()).update('a', CHANNEL, counted);
    });

    it('is left to it when its heartbeat moves', async () => {
      await leave(identity);
      let beats = 0;
      const heart = setInterval(() => void utimes(lock(), ++beats, beats), 10);
      try {
        // looked at often enough that a busy machine's heart beats in between
        await expect(folder.open({ lockTimes: { heartbeat: 20, watch: 10_000 } })).rejects.toMatchObject({
          code: 'locked',
        });
      } finally {
        clearInterval(heart);
      }
    });
  });

  it('that is empty or broken is watched, too, and so is one whose take-over was cut short', async () => {
    for (const text of ['', '{"id":']) {
      await writeFile(lock(), text);
      await writeFile(`${lock()}.takeover`, text);
      await (await folder.open()).close();
      expect(await readdir(folder.path)).toEqual(['threads.json']);
    }
  });

  it('of a killed process that its parent has not looked at yet is free', async () => {
    // the shell becomes a sleep, which never waits for the shell's child
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [pid] = (await once(parent.stdout, 'data')) as [Buffer];
      const zombie = Number(pid.toString());
      const started = (await readFile(`/proc/${zombie}/stat`, 'utf8')).split(' ')[21] ?? '';
      await leave({ pid: zombie, started });
      await expect(folder.open()).rejects.toMatchObject({ code: 'locked' });
      process.kill(zombie, 'SIGKILL');
      while (!/\) Z /.test(await readFile(`/proc/${zombie}/stat`, 'utf8')));
      await folder.open();
    } finally {
      parent.kill('SIGKILL');
    }
  });

  it('is looked at again by a process that was slow to take it over', async () => {
    await leave({ pid: 2 ** 22 + 1 });
    await writeFile(`${lock()}.takeover`, ''); // watched first
    const slow = FileLock.acquire({
      path: lock(),
      own: ownIdentity(0),
      clock: new SystemClock(),
      times: { heartbeat: 20, watch: 400 },
    });
    slow.catch(() => undefined);
    await leave({ id: 'the fast one' });
    await expect(slow).rejects.toMatchObject({ code: 'locked' });
    expect(await readFile(lock(), 'utf8')).toContain('the fast one');
  });

  it('beats as long as it is held', async () => {
    await folder.open();
    const elsewhere = FileLock.acquire({
      path: lock(),
      own: { ...ownIdentity(0), host: 'elsewhere' }, // sees nothing but the heartbeat
      clock: new SystemClock(),
      times: { heartbeat: 20, watch: 5000 },
    });
    await expect(elsewhere).rejects.toMatchObject({ code: 'locked' });
  });

  it('that is lost stops every write, for good, and says so once', async () => {
    const fatal: StoreUnavailableError[] = [];
    const store = await folder.open({ onFatal: (error) => fatal.push(error) });
    const before = await store.update('a', CHANNEL, counted);
    const file = await readFile(folder.file, 'utf8');
    await rm(lock());
    await leave({ host: 'elsewhere', id: 'the other one' });
    for (let n = 0; n < 2; n++) {
      await expect(store.update('a', CHANNEL, counted)).rejects.toMatchObject({
        name: 'StoreUnavailableError',
        code: 'lock-lost',
      });
      await expect(store.archive(resolved(1))).rejects.toMatchObject({ code: 'lock-lost' });
      await expect(store.ping()).rejects.toMatchObject({ code: 'lock-lost' });
    }
    expect(fatal).toMatchObject([{ code: 'lock-lost' }]);
    expect(await store.get('a', CHANNEL)).toEqual(before);
    expect(await readFile(folder.file, 'utf8')).toBe(file);
    await store.close();
    expect(await readFile(lock(), 'utf8')).toContain('the other one'); // not ours to remove
  });

  it('that somebody deleted is made again', async () => {
    const store = await folder.open();
    await rm(lock());
    await store.update('a', CHANNEL, counted);
    await expect(folder.open()).rejects.toMatchObject({ code: 'locked' });
  });
});
