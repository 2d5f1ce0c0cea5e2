import type { Incident } from '../../src/domain/incident.js';
import type { IncidentThread } from '../../src/domain/record.js';
import type { ThreadStore } from '../../src/thread-store/thread-store.js';
import { overviewContract } from './overview.contract.js';
import { rollsContract } from './rolls.contract.js';
import { CHANNEL, counted, emptied, holding, incidentId, KEY, resolved, thread } from './records.js';

export interface StoreUnderTest {
  readonly store: ThreadStore;
  /** Closes the store and opens a new one on the same data. */
  reopen(): Promise<ThreadStore>;
  dispose(): Promise<void>;
}

/** What every provider of ThreadStore does, against the real thing. */
export const threadStoreContract = (name: string, makeStore: () => Promise<StoreUnderTest>): void => {
  describe(`${name}: the contract of a thread store`, () => {
    let made: StoreUnderTest;
    let store: ThreadStore;
    const reopen = async (): Promise<void> => {
      store = await made.reopen();
    };

    beforeEach(async () => {
      made = await makeStore();
      ({ store } = made);
    });
    afterEach(async () => {
      await made.dispose();
    });

    describe('update', () => {
      it('gives an empty record where there is none, raises the version and resolves with what is stored', async () => {
        const seen: unknown[] = [];
        const first = await store.update(KEY, CHANNEL, (record) => {
          seen.push(record);
          return holding(thread(incidentId(1)))(record);
        });
        expect(seen).toEqual([
          { schema: 1, key: KEY, channel: CHANNEL, version: 0, due: null, current: null, earlier: [], closed: {} },
        ]);
        expect(first.version).toBe(1);
        expect(await store.get(KEY, CHANNEL)).toEqual(first);
        expect((await store.update(KEY, CHANNEL, (record) => ({ ...record, due: 5 }))).version).toBe(2);
      });

      it('loses none of 1,000 concurrent changes of one record', async () => {
        await Promise.all(Array.from({ length: 1000 }, () => store.update(KEY, CHANNEL, counted)));
        expect(await store.get(KEY, CHANNEL)).toMatchObject({ adopt: '1000', version: 1000 });
        await reopen();
        expect(await store.get(KEY, CHANNEL)).toMatchObject({ adopt: '1000', version: 1000 });
      });

      it('keeps records of one key in two channels apart', async () => {
        await store.update(KEY, CHANNEL, (record) => ({ ...record, adopt: '1.1' }));
        await store.update(KEY, 'C0OTHER00', (record) => ({ ...record, adopt: '2.2' }));
        expect(await store.get(KEY, CHANNEL)).toMatchObject({ adopt: '1.1', channel: CHANNEL });
        expect(await store.get(KEY, 'C0OTHER00')).toMatchObject({ adopt: '2.2', channel: 'C0OTHER00' });
      });

      it('changes nothing when the same record comes back', async () => {
        const before = await store.update(KEY, CHANNEL, holding(thread(incidentId(1))));
        expect(await store.update(KEY, CHANNEL, (record) => record)).toEqual(before);
        expect(await store.get(KEY, CHANNEL)).toEqual(before);
        await store.update('never seen', CHANNEL, (record) => record);
        await store.update('never seen', CHANNEL, (record) => ({ ...record, due: 7 })); // still empty
        expect(await store.get('never seen', CHANNEL)).toBeUndefined();
        expect((await store.counts()).pending).toBe(0);
      });

      it('throws on what the change throws and writes nothing', async () => {
        const before = await store.update(KEY, CHANNEL, counted);
        const failure = new Error('no');
        const thrown = store.update(KEY, CHANNEL, () => {
          throw failure;
        });
        await expect(thrown).rejects.toBe(failure);
        await reopen();
        expect(await store.get(KEY, CHANNEL)).toEqual(before);
      });

      it('makes several changes at once, in order, and resolves when all are durable', async () => {
        const records = await store.updateAll([
          { key: 'a', channel: CHANNEL, change: counted },
          { key: 'b', channel: CHANNEL, change: counted },
          { key: 'a', channel: CHANNEL, change: counted },
        ]);
        expect(records.map(({ key, version }) => [key, version])).toEqual([
          ['a', 1],
          ['b', 1],
          ['a', 2],
        ]);
        await reopen();
        expect(await store.get('a', CHANNEL)).toMatchObject({ adopt: '2', version: 2 });
        expect(await store.get('b', CHANNEL)).toMatchObject({ adopt: '1', version: 1 });
        expect(await store.updateAll([])).toEqual([]);
      });

      it('removes a record that has become empty, for good', async () => {
        await store.update(KEY, CHANNEL, holding(thread(incidentId(1), { rootTs: '1.1' }), { due: 1 }));
        await store.update(KEY, CHANNEL, emptied);
        for (const again of [() => Promise.resolve(), reopen]) {
          await again();
          expect(await store.get(KEY, CHANNEL)).toBeUndefined();
          expect(await store.findByIncident(incidentId(1))).toBeUndefined();
          expect(await store.findByMessage(CHANNEL, '1.1')).toBeUndefined();
          expect(await store.findByFingerprint('f1')).toEqual([]);
          expect(await store.pending(Number.MAX_SAFE_INTEGER, 1)).toEqual([]);
          expect(await store.counts()).toEqual({
            threads: 0,
            incidents: { firing: 0, acknowledged: 0, resolved: 0 },
            archived: 0,
            pending: 0,
          });
        }
        expect((await store.update(KEY, CHANNEL, counted)).adopt).toBe('1');
      });

      it('stores every text as it is', async () => {
        const adopt = 'quote " backslash \\ newline \n nul \0 한국어 🚨 \u2028 lone \ud800';
        await store.update(`${adopt}|key`, CHANNEL, (record) => ({ ...record, adopt }));
        await reopen();
        expect((await store.get(`${adopt}|key`, CHANNEL))?.adopt).toBe(adopt);
      });

      it('keeps fields that it does not know', async () => {
        const current = { ...thread(incidentId(1)), laterField: { a: [1] } };
        await store.update(KEY, CHANNEL, (record) => ({ ...record, current, laterToo: true }));
        await reopen();
        await store.update(KEY, CHANNEL, (record) => ({ ...record, due: 3 }));
        await reopen();
        expect(await store.get(KEY, CHANNEL)).toMatchObject({
          due: 3,
          laterToo: true,
          current: { laterField: { a: [1] } },
        });
      });
    });

    describe('indexes', () => {
      it('finds a record by its incidents, its messages and the alerts that fire in it', async () => {
        const current = thread(incidentId(2), { rootTs: '2.2', firing: ['f2', 'f3'], ended: ['f4'] });
        const earlier = [{ ...resolved(1), channel: 'C0MOVED00' }].map((t) => ({
          ...t,
          delivery: { ...t.delivery, rootTs: '1.1' },
        }));
        const record = await store.update(KEY, CHANNEL, holding(current, { earlier }));
        for (const again of [() => Promise.resolve(), reopen]) {
          await again();
          expect(await store.findByIncident(incidentId(1))).toEqual(record);
          expect(await store.findByIncident(incidentId(2))).toEqual(record);
          expect(await store.findByMessage(CHANNEL, '2.2')).toEqual(record);
          expect(await store.findByMessage('C0MOVED00', '1.1')).toEqual(record);
          expect(await store.findByMessage(CHANNEL, '1.1')).toBeUndefined();
          expect(await store.findByFingerprint('f2')).toEqual([record]);
          expect(await store.findByFingerprint('f3')).toEqual([record]);
          expect(await store.findByFingerprint('f4')).toEqual([]);
          expect(await store.incident(incidentId(1))).toEqual(earlier[0]);
          expect(await store.incident(incidentId(3))).toBeUndefined();
        }
      });

      it('follows every change', async () => {
        await store.update(KEY, CHANNEL, holding(thread(incidentId(1), { rootTs: '1.1', firing: ['f1', 'f2'] })));
        await store.update('other', CHANNEL, holding(thread(incidentId(9), { firing: ['f1'] })));
        expect((await store.findByFingerprint('f1')).map(({ key }) => key).sort()).toEqual([KEY, 'other'].sort());

        await store.update(
          KEY,
          CHANNEL,
          holding(thread(incidentId(1), { rootTs: '1.2', firing: ['f2'], ended: ['f1'] })),
        );
        expect((await store.findByFingerprint('f1')).map(({ key }) => key)).toEqual(['other']);
        expect(await store.findByMessage(CHANNEL, '1.1')).toBeUndefined();
        expect((await store.findByMessage(CHANNEL, '1.2'))?.key).toBe(KEY);

        await store.update(
          KEY,
          CHANNEL,
          holding(thread(incidentId(2), { status: 'resolved', firing: ['f2'], resolvedAt: 1 })),
        );
        expect(await store.findByFingerprint('f2')).toEqual([]); // closed by a person while it fires
        expect(await store.findByIncident(incidentId(1))).toBeUndefined();
        expect((await store.findByIncident(incidentId(2)))?.key).toBe(KEY);
      });

      it('finds the records whose silence has to be looked after', async () => {
        const silenced = async (): Promise<string[]> => (await store.silenced()).map(({ key }) => key).sort();
        const by = { kind: 'slack', id: 'U0ALICE01' } as const;
        const silence = { id: 's1', server: 'alertmanager', until: 9, by } as const;
        const having = (facts: Partial<Incident>) => {
          const one = thread(incidentId(1), { firing: ['f1'] });
          return holding({ ...one, incident: { ...one.incident, ...facts } });
        };
        await store.update('plain', CHANNEL, holding(thread(incidentId(2), { firing: ['f1'] })));
        await store.update(KEY, CHANNEL, having({ silence }));
        for (const again of [() => Promise.resolve(), reopen]) {
          await again();
          expect(await silenced()).toEqual([KEY]);
        }
        await store.update(KEY, CHANNEL, having({ status: 'resolved', silence }));
        for (const again of [() => Promise.resolve(), reopen]) {
          await again();
          expect(await silenced()).toEqual([KEY]);
        }
        await store.update(KEY, CHANNEL, having({ silence: null, mutedUntil: Number.MAX_SAFE_INTEGER }));
        expect(await silenced()).toEqual([KEY]);
        await store.update(KEY, CHANNEL, having({ silence: null, mutedUntil: 0 }));
        expect(await silenced()).toEqual([]);
      });

      it('follows a change of the thread alone', async () => {
        const posted = async (rootTs: string | null): Promise<void> => {
          await store.update(KEY, CHANNEL, (record) => {
            if (record.current === null) throw new Error('no incident');
            return { ...record, current: { ...record.current, delivery: { ...record.current.delivery, rootTs } } };
          });
        };
        await store.update(KEY, CHANNEL, holding(thread(incidentId(1))));
        expect((await store.counts()).threads).toBe(0);
        await posted('5.5');
        expect((await store.findByMessage(CHANNEL, '5.5'))?.key).toBe(KEY);
        expect((await store.findByIncident(incidentId(1)))?.current?.delivery.rootTs).toBe('5.5');
        expect((await store.counts()).threads).toBe(1);
        await posted(null);
        expect(await store.findByMessage(CHANNEL, '5.5')).toBeUndefined();
        expect((await store.counts()).threads).toBe(0);
      });

      it('finds what is due, the longest waiting first', async () => {
        const due = async (key: string, at: number | null): Promise<void> => {
          await store.update(key, CHANNEL, holding(thread(`INC-20261121000000-${key}`), { due: at }));
        };
        const keys = async (now: number, limit = 100): Promise<string[]> =>
          (await store.pending(now, limit)).map(({ key }) => key);
        await due('c', 300);
        await due('a', 100);
        await due('b', 200);
        await due('never', null);
        expect(await keys(99)).toEqual([]);
        expect(await keys(200)).toEqual(['a', 'b']);
        expect(await keys(1000, 2)).toEqual(['a', 'b']);
        expect((await store.counts()).pending).toBe(3);
        await due('a', null);
        await due('c', 0);
        expect(await keys(1000)).toEqual(['c', 'b']);
        await reopen();
        expect(await keys(1000)).toEqual(['c', 'b']);
        expect((await store.counts()).pending).toBe(2);
        await due('b', null);
        await due('c', null);
        expect(await keys(Number.MAX_SAFE_INTEGER)).toEqual([]);
      });
    });

    describe('history', () => {
      it('keeps an archived incident, once', async () => {
        await store.archive(resolved(1));
        await store.archive(resolved(1));
        await Promise.all([store.archive(resolved(2)), store.archive(resolved(2))]);
        for (const again of [() => Promise.resolve(), reopen]) {
          await again();
          expect(await store.incident(incidentId(1))).toEqual(resolved(1));
          expect(await store.incident(incidentId(2))).toEqual(resolved(2));
          expect(await store.counts()).toMatchObject({ archived: 2, incidents: { resolved: 2 } });
          expect(await store.findByIncident(incidentId(1))).toBeUndefined();
        }
      });

      it('counts and lists an incident once on its way into the history', async () => {
        await store.update(KEY, CHANNEL, holding(resolved(1)));
        await store.archive(resolved(1));
        for (const again of [() => Promise.resolve(), reopen]) {
          await again();
          expect(await store.counts()).toMatchObject({ archived: 1, incidents: { resolved: 1 } });
          expect((await store.list({ limit: 10 })).items).toHaveLength(1);
        }
        await store.update(KEY, CHANNEL, emptied);
        expect(await store.counts()).toMatchObject({ archived: 1, incidents: { resolved: 1 } });
        expect((await store.list({ limit: 10 })).items).toHaveLength(1);
      });

      it('forgets what ended before a time', async () => {
        for (const n of [1, 2, 3]) await store.archive(resolved(n, n * 1000));
        expect(await store.prune(2000)).toBe(1);
        expect(await store.prune(2000)).toBe(0);
        await store.archive(resolved(4, 4000));
        for (const again of [() => Promise.resolve(), reopen]) {
          await again();
          expect((await store.list({ limit: 10 })).items.map(({ incident }) => incident.id)).toEqual(
            [4, 3, 2].map(incidentId),
          );
          expect(await store.incident(incidentId(1))).toBeUndefined();
          expect(await store.counts()).toMatchObject({ archived: 3, incidents: { resolved: 3 } });
        }
      });
    });

    describe('a history that is too long', () => {
      /** Of a record of its own, so that Redis keeps them in several shards. */
      const of = (n: number, at: number): IncidentThread => {
        const one = resolved(n, at);
        return { ...one, incident: { ...one.incident, key: `key ${n}` } };
      };
      const left = async (): Promise<string[]> =>
        (await store.list({ limit: 100 })).items.map(({ incident }) => incident.id);
      const expectLeft = async (...numbers: number[]): Promise<void> => {
        for (const again of [() => Promise.resolve(), reopen]) {
          await again();
          expect(await left()).toEqual(numbers.map(incidentId));
          expect(await store.counts()).toMatchObject({
            archived: numbers.length,
            incidents: { resolved: numbers.length },
          });
        }
      };

      it('loses the incidents that ended first, until so many are left', async () => {
        // What ended last has the lowest id.
        for (let n = 1; n <= 20; n++) await store.archive(of(n, 1_000_000 - n * 1000));
        expect(await store.prune(0, 20)).toBe(0);
        expect(await store.prune(0, 5)).toBe(15);
        expect(await store.prune(0, 5)).toBe(0);
        await store.archive(of(21, 1));
        await expectLeft(21, 5, 4, 3, 2, 1);
        expect(await store.incident(incidentId(6))).toBeUndefined();
        expect(await store.incident(incidentId(5))).toEqual(of(5, 995_000));
        expect(await store.prune(0, 0)).toBe(6);
        await expectLeft();
      });

      it('loses exactly so many where all ended at the same moment', async () => {
        for (let n = 1; n <= 12; n++) await store.archive(of(n, 7000));
        expect(await store.prune(0, 5)).toBe(7);
        expect(await left()).toHaveLength(5);
        const kept = await left();
        await reopen();
        expect(await left()).toEqual(kept);
        await store.archive(of(30, 7000));
        expect(await left()).toEqual([incidentId(30), ...kept]);
      });

      it('loses what ended before a time as well, whichever is more', async () => {
        for (let n = 1; n <= 8; n++) await store.archive(of(n, n * 1000));
        expect(await store.prune(4000, 7)).toBe(3);
        expect(await store.prune(5000, 2)).toBe(3);
        await expectLeft(8, 7);
      });

      it('loses no live incident', async () => {
        await store.update(KEY, CHANNEL, holding(resolved(1, 1000)));
        await store.archive(resolved(1, 1000));
        await store.archive(of(2, 2000));
        expect(await store.prune(0, 1)).toBe(1);
        for (const again of [() => Promise.resolve(), reopen]) {
          await again();
          expect(await left()).toEqual([2, 1].map(incidentId));
          expect(await store.counts()).toMatchObject({ archived: 1, incidents: { resolved: 2 } });
        }
      });
    });

    describe('list', () => {
      const statuses = ['firing', 'acknowledged', 'resolved'] as const;
      const ids = async (filter: Parameters<ThreadStore['list']>[0]): Promise<{ ids: string[]; next?: string }> => {
        const { items, nextCursor } = await store.list(filter);
        return {
          ids: items.map(({ incident }) => incident.id),
          ...(nextCursor === undefined ? {} : { next: nextCursor }),
        };
      };
      beforeEach(async () => {
        // 1 firing, 2 acknowledged, 3 resolved, 4 firing, …; every second resolved one is in the history
        for (let n = 1; n <= 12; n++) {
          const status = statuses[(n - 1) % 3] ?? 'firing';
          if (n % 6 === 0) await store.archive(resolved(n));
          else {
            const state = status === 'resolved' ? resolved(n) : thread(incidentId(n), { status });
            await store.update(`key ${n}`, CHANNEL, holding(state));
          }
        }
      });

      it('gives pages, newest first, the last one without a cursor', async () => {
        const seen: string[] = [];
        let page = await ids({ limit: 5 });
        while (page.next !== undefined) {
          expect(page.ids).toHaveLength(5);
          seen.push(...page.ids);
          page = await ids({ limit: 5, cursor: page.next });
        }
        seen.push(...page.ids);
        expect(seen).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1].map(incidentId));
        expect(await ids({ limit: 12 })).not.toHaveProperty('next');
      });

      it('filters by status', async () => {
        expect(await ids({ limit: 3, status: 'firing' })).toMatchObject({ ids: [10, 7, 4].map(incidentId) });
        expect((await ids({ limit: 9, status: 'acknowledged' })).ids).toEqual([11, 8, 5, 2].map(incidentId));
        expect((await ids({ limit: 9, status: 'resolved' })).ids).toEqual([12, 9, 6, 3].map(incidentId));
      });

      it('repeats and misses nothing when incidents come and move to the history between two pages', async () => {
        const first = await ids({ limit: 4 });
        await store.update('key 99', CHANNEL, holding(thread(incidentId(99))));
        await store.archive(resolved(3));
        await store.update('key 3', CHANNEL, emptied);
        await store.update('key 9', CHANNEL, emptied);
        const rest = await ids({ limit: 20, ...(first.next === undefined ? {} : { cursor: first.next }) });
        expect([...first.ids, ...rest.ids]).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1].map(incidentId));
      });
    });

    describe('threads', () => {
      beforeEach(async () => {
        await store.update('open', CHANNEL, holding(thread(incidentId(1), { rootTs: '1.1' })));
        await store.update('waiting', CHANNEL, holding(thread(incidentId(2))));
        await store.update('adopted', 'C0OTHER00', (record) => ({ ...record, adopt: '3.3' }));
      });

      it('are listed and counted when they have a ts', async () => {
        for (const again of [() => Promise.resolve(), reopen]) {
          await again();
          expect([...(await store.threads())].sort((a, b) => a.ts.localeCompare(b.ts))).toEqual([
            { key: 'open', channel: CHANNEL, ts: '1.1' },
            { key: 'adopted', channel: 'C0OTHER00', ts: '3.3' },
          ]);
          expect(await store.counts()).toMatchObject({ threads: 2, incidents: { firing: 2 } });
        }
      });

      it('are forgotten by clear, and nothing else is', async () => {
        expect(await store.clear()).toBe(2);
        for (const again of [() => Promise.resolve(), reopen]) {
          await again();
          expect(await store.threads()).toEqual([]);
          expect(await store.counts()).toMatchObject({ threads: 0, incidents: { firing: 2 } });
          expect((await store.get('open', CHANNEL))?.current?.delivery).toMatchObject({
            rootTs: null,
            lost: 'forgotten',
            epoch: 1,
          });
          expect(await store.findByMessage(CHANNEL, '1.1')).toBeUndefined();
          expect(await store.get('adopted', 'C0OTHER00')).toBeUndefined();
        }
        expect(await store.clear()).toBe(0);
      });
    });

    overviewContract(() => store, reopen);

    rollsContract(() => ({ store, reopen }));

    it('answers a ping', async () => {
      await expect(store.ping()).resolves.toBeUndefined();
    });
  });
};
