import { readdir, readFile, symlink, writeFile, lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreUnavailableError } from '../../src/thread-store/thread-store.js';
import { StoreFolder } from './file-store.js';
import { CHANNEL, counted, holding, incidentId, KEY, resolved, thread } from './records.js';

const HEADER = '{"alert_threader":1}\n';
const record = (key: string, adopt: string, more: object = {}): string =>
  `${JSON.stringify({ schema: 1, key, channel: CHANNEL, version: 1, due: null, current: null, earlier: [], closed: {}, adopt, ...more })}\n`;

/** A thread of which a part is as somebody wrote it by hand. */
const broken = (change: Readonly<Record<string, object>>): object => {
  const whole = thread(incidentId(7)) as unknown as Record<string, object>;
  return {
    ...whole,
    ...Object.fromEntries(Object.entries(change).map(([part, as]) => [part, { ...whole[part], ...as }])),
  };
};
const [ALERT] = thread('i').incident.alerts;

const WRONG: readonly (readonly [string, Readonly<Record<string, object>>])[] = [
  ['a record with alerts of the wrong kind', { incident: { alerts: [{ fingerprint: 'f1', status: 'firing' }] } }],
  ['a record with a label that is a number', { incident: { alerts: [{ ...ALERT, labels: { alertname: 5 } }] } }],
  ['a record with a status that there is not', { incident: { status: 'constructor' } }],
  [
    'a record with a person who is nobody',
    { incident: { status: 'acknowledged', acknowledged: { by: 'anna', at: 5 } } },
  ],
  ['a record with entries of the wrong kind', { timeline: { last: 1, entries: [{ n: '1' }] } }],
  ['a record with a claim of nothing', { delivery: { claim: {} } }],
];

describe('loading the file', () => {
  let folder: StoreFolder;
  const write = (text: string | Buffer): Promise<void> => writeFile(folder.file, text);
  const read = (): Promise<string> => readFile(folder.file, 'utf8');
  const adopted = async (store: Awaited<ReturnType<StoreFolder['open']>>): Promise<Record<string, string>> =>
    Object.fromEntries((await store.threads()).map(({ key, ts }) => [key, ts]));

  beforeEach(async () => {
    folder = await StoreFolder.make();
  });
  afterEach(async () => {
    await folder.dispose();
  });

  it('makes a new file, in a new folder too', async () => {
    const store = await folder.open({ file: join(folder.path, 'a/b/threads.json') });
    await store.update(KEY, CHANNEL, counted);
    expect(await readFile(join(folder.path, 'a/b/threads.json'), 'utf8')).toMatch(
      /^{"alert_threader":1}\n{"schema":1,.*}\n$/,
    );
  });

  it('follows a link and leaves it a link', async () => {
    await writeFile(join(folder.path, 'real.json'), '{"a": "1.1"}');
    await symlink('real.json', folder.file);
    await folder.open();
    expect((await lstat(folder.file)).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder.path, 'real.json'), 'utf8')).toContain(HEADER);
  });

  describe('a torn last line', () => {
    const whole = HEADER + record('a', '1.1') + record('a', '1.2') + record('b', '2.2');

    it.each([
      ['without its newline', record('b', '3.3').slice(0, -1)],
      ['cut in the middle', record('b', '3.3').slice(0, 70)],
      ['cut inside a character', Buffer.from(record('주문', '3.3')).subarray(0, 23)],
      ['of zeros', Buffer.alloc(500)],
      ['that is no JSON', `${record('b', '3.3').slice(0, 80)}\n`],
    ])('%s is cut off, and the record is as it was before', async (_, torn) => {
      await write(Buffer.concat([Buffer.from(whole), Buffer.from(torn)]));
      const store = await folder.open();
      expect(await adopted(store)).toEqual({ a: '1.2', b: '2.2' });
      expect(folder.log.messages('warn')).toEqual(['thread store ended in a torn line: cut off']);
      expect(folder.log.messages('error')).toEqual([]);
      expect(await read()).toBe(whole);
      await store.update('c', CHANNEL, counted);
      await store.close();
      expect(await adopted(await folder.open())).toEqual({ a: '1.2', b: '2.2', c: '1' });
    });
  });

  describe('damage in the middle', () => {
    it('is skipped, said with its line number, and the older state of that record counts', async () => {
      const damaged = record('a', '1.2').replace('"version":1', '"version":1]');
      await write(`${HEADER}${record('a', '1.1')}${damaged}\n   \n{"what":"is this"}\n[1]\n${record('b', '2.2')}`);
      const store = await folder.open();
      expect(await adopted(store)).toEqual({ a: '1.1', b: '2.2' });
      const errors = folder.log.lines.filter(({ level }) => level === 'error');
      expect(errors).toMatchObject([{ fields: { lines: [3, 6, 7], count: 3 } }]);
    });

    it.each([
      ['a record without its lists', record('x', '9.9', { earlier: null })],
      ['a record whose incident is no object', record('x', '9.9', { current: { incident: 5 } })],
      [
        'a record whose alerts are no objects',
        record('x', '9.9', { current: { ...thread('i'), incident: { id: 'i', alerts: [1] } } }),
      ],
      ['a record that is due at no time', record('x', '9.9', { due: 'soon' })],
      ['a record whose episodes are none', record('x', '9.9', { closed: { f1: 5 } })],
      ...WRONG.map(([what, change]) => [what, record('x', '9.9', { current: broken(change) })]),
      [
        'an archived incident with alerts of the wrong kind',
        `${JSON.stringify({ archived: broken({ incident: { alerts: [{ fingerprint: 'f1' }] } }), schema: 1 })}\n`,
      ],
      ['an archived nothing', '{"archived":null,"schema":1}\n'],
      ['a removal of nothing', '{"removed":{}}\n'],
    ])('%s does not stop the start', async (_, line) => {
      await write(HEADER + line + record('b', '2.2'));
      expect(await adopted(await folder.open())).toEqual({ b: '2.2' });
      expect(folder.log.messages('error')).toHaveLength(1);
    });

    it('is kept in a copy before the file is rewritten', async () => {
      const before = `${HEADER}{"damaged\n${record('a', '1.1')}`;
      await write(before);
      const store = await folder.open({ compactFrom: 1000 });
      expect(await readdir(folder.path)).toHaveLength(2); // the file and its lock
      for (let n = 0; n < 20; n++) await store.update('a', CHANNEL, counted);
      await folder.log.until(/compacted/);
      const copy = (await readdir(folder.path)).find((name) => name.startsWith('threads.json.damaged-'));
      expect(await readFile(join(folder.path, copy ?? ''), 'utf8')).toContain(before);
      expect(await read()).not.toContain('damaged');
    });
  });

  describe('a file of a newer version', () => {
    it.each([
      ['format', '{"alert_threader":2}\n', /line 1 holds format 2, and this version reads up to 1/],
      [
        'record',
        `${HEADER}${record('a', '1.1')}${record('b', '1.1', { schema: 2, earlier: 'new' })}`,
        /line 3 holds a record of schema 2, and this version reads up to 1/,
      ],
      ['incident', `${HEADER}{"archived":{"new":1},"schema":7}\n`, /line 2 holds an incident of schema 7/],
    ])('is refused and left as it is (%s)', async (_, text, message) => {
      const torn = `${text}{"to`;
      await write(torn);
      const refused = folder.open();
      await expect(refused).rejects.toThrow(message);
      await expect(refused).rejects.toThrow(/^open thread store .*threads\.json: .*Start the newer Alert Threader/);
      await expect(refused).rejects.toMatchObject({ code: 'newer-version' });
      await expect(refused).rejects.toBeInstanceOf(StoreUnavailableError);
      expect(await read()).toBe(torn);
      expect(await readdir(folder.path)).toEqual(['threads.json']);
    });
  });

  describe('the threads.json of the earlier version', () => {
    const old = { 'A|critical|x|y|staging': '1763000000.000100', 'B|info|x|y|staging': '1763000001.000200' };

    it.each([
      ['on one line', JSON.stringify(old), old],
      ['pretty', `${JSON.stringify(old, null, 2)}\n`, old],
      ['with Windows line ends', JSON.stringify(old, null, 2).replaceAll('\n', '\r\n'), old],
      ['with a key named like our header', '{"alert_threader":"1.1"}', { alert_threader: '1.1' }],
      ['empty object', '{}', {}],
      ['empty file', '', {}],
      ['blank file', ' \n', {}],
    ])('is taken over (%s)', async (_, text, expected) => {
      await write(text);
      const store = await folder.open();
      expect(await adopted(store)).toEqual(expected);
      for (const key of Object.keys(expected)) {
        expect(await store.get(key, CHANNEL)).toMatchObject({ channel: CHANNEL, current: null, due: null });
      }
      if (text.trim() !== '') expect(await readFile(`${folder.file}.v1`, 'utf8')).toBe(text);
      await store.close();
      expect(await adopted(await folder.open())).toEqual(expected);
      expect((await read()).startsWith(HEADER)).toBe(true);
    });

    it('never overwrites what was kept before', async () => {
      await writeFile(`${folder.file}.v1`, 'mine');
      await write('{"a":"1.1"}');
      await folder.open();
      expect(await readFile(`${folder.file}.v1`, 'utf8')).toBe('mine');
      expect(await readFile(`${folder.file}.v1.2`, 'utf8')).toBe('{"a":"1.1"}');
    });

    it.each([
      ['another value', '{"a":"1.1","b":5}', /the value of "b" is no thread_ts/],
      ['a list', '["1.1"]', /it is no JSON object/],
      ['half an object', '{"a":"1.', /it is no JSON/],
      ['a text', 'hello\n', /it is no JSON/],
      ['a store without its header', record('a', '1.1'), /the value of "schema" is no thread_ts/],
    ])('anything else is refused and left as it is (%s)', async (_, text, message) => {
      await write(text);
      const refused = folder.open();
      await expect(refused).rejects.toThrow(message);
      await expect(refused).rejects.toMatchObject({ code: 'format' });
      expect(await read()).toBe(text);
      expect(await readdir(folder.path)).toEqual(['threads.json']);
    });
  });

  it('reads lines of any length, across pieces of any size', async () => {
    const store = await folder.open();
    const sizes = [10, 100_000, 1024 * 1024 - 300, 1024 * 1024, 3_000_000, 1];
    for (const [n, size] of sizes.entries()) {
      await store.update(`key ${n}`, CHANNEL, (r) => ({ ...r, adopt: '한'.repeat(size) }));
      await store.archive({ ...resolved(n), channel: 'x'.repeat(size) });
    }
    await store.close();
    const again = await folder.open();
    for (const [n, size] of sizes.entries()) {
      expect((await again.get(`key ${n}`, CHANNEL))?.adopt).toHaveLength(size);
      expect((await again.incident(incidentId(n)))?.channel).toHaveLength(size);
    }
    expect(folder.log.messages('error')).toEqual([]);
  });

  it('gives records that share nothing by which one could change another', async () => {
    const store = await folder.open();
    await store.update('a', CHANNEL, holding(thread(incidentId(1))));
    await store.update('b', CHANNEL, holding(thread(incidentId(2))));
    await store.close();
    const again = await folder.open();
    const a = await again.get('a', CHANNEL);
    expect(a).toEqual({ ...(await again.get('b', CHANNEL)), key: 'a', current: thread(incidentId(1)) });
    expect(Object.isFrozen(a?.closed)).toBe(true);
  });
});
