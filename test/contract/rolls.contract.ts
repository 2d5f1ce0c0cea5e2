import type { Crowd } from '../../src/domain/incident.js';
import type { ThreadRecord } from '../../src/domain/record.js';
import type { Member, Rolls } from '../../src/domain/roll.js';
import type { ThreadStore } from '../../src/thread-store/thread-store.js';
import { CHANNEL, emptied, holding, incidentId, KEY, resolved, thread } from './records.js';

export const memberOf = (n: number): string => (n * 7_919).toString(16).padStart(16, '0');
export const FIRING: Member = {
  status: 'firing',
  severity: 'critical',
  startsAt: 1_763_000_000_000,
  at: 1_763_000_060_000,
};
export const ENDED: Member = {
  status: 'resolved',
  severity: 'debug',
  startsAt: 1_763_000_000_000,
  at: 1_763_000_120_000,
};

const ID = incidentId(1);
const crowdOf = (firing: number): Crowd => ({ firing, resolved: 0, startsAt: 1_763_000_000_000, severities: [] });

/** An incident with a crowd. */
export const crowded = (firing: number, id = ID): ReturnType<typeof thread> => {
  const whole = thread(id);
  return { ...whole, incident: { ...whole.incident, crowd: crowdOf(firing) } };
};

/** Reads rows by a change that changes nothing. */
export const read = async (store: ThreadStore, ids: readonly string[], id = ID): Promise<(Member | undefined)[]> => {
  let found: (Member | undefined)[] = [];
  const look = (record: ThreadRecord, rolls: Rolls): ThreadRecord => {
    found = ids.map((member) => rolls.get(id, member));
    return record;
  };
  await store.update(KEY, CHANNEL, look, ids);
  return found;
};

/** What every provider of ThreadStore does about the rows of an incident's alerts. */
export const rollsContract = (
  under: () => { readonly store: ThreadStore; readonly reopen: () => Promise<void> },
): void => {
  describe('rolls', () => {
    const store = (): ThreadStore => under().store;
    const begins = (firing: number): Promise<ThreadRecord> =>
      store().update(KEY, CHANNEL, (record, rolls) => {
        for (let n = 0; n < firing; n++) rolls.set(ID, memberOf(n), FIRING);
        return holding(crowded(firing))(record);
      });

    it('keep rows beside the record, over a restart', async () => {
      await begins(3_000);
      expect(await read(store(), [memberOf(0), memberOf(2_999), memberOf(3_000)])).toEqual([FIRING, FIRING, undefined]);
      await under().reopen();
      expect(await read(store(), [memberOf(0), memberOf(2_999), memberOf(3_000)])).toEqual([FIRING, FIRING, undefined]);
      expect(JSON.stringify(await store().get(KEY, CHANNEL))).not.toContain('roll');
    });

    it('change and lose single rows', async () => {
      await begins(10);
      const set = (record: ThreadRecord, rolls: Rolls): ThreadRecord => {
        rolls.set(ID, memberOf(1), ENDED);
        rolls.set(ID, memberOf(2), null);
        expect([rolls.get(ID, memberOf(1)), rolls.get(ID, memberOf(2))]).toEqual([ENDED, undefined]);
        return record; // of the record itself nothing changes
      };
      await store().update(KEY, CHANNEL, set, [memberOf(1), memberOf(2)]);
      const rows = [FIRING, ENDED, undefined, FIRING];
      expect(await read(store(), [0, 1, 2, 3].map(memberOf))).toEqual(rows);
      await under().reopen();
      expect(await read(store(), [0, 1, 2, 3].map(memberOf))).toEqual(rows);
    });

    it('keep nothing of a change that throws', async () => {
      await begins(1);
      const change = (_: ThreadRecord, rolls: Rolls): ThreadRecord => {
        rolls.set(ID, memberOf(0), ENDED);
        rolls.set(ID, memberOf(1), FIRING);
        throw new Error('no');
      };
      const good = (record: ThreadRecord, rolls: Rolls): ThreadRecord => {
        rolls.set(ID, memberOf(2), FIRING);
        return { ...record, due: 7 };
      };
      const [thrown] = await Promise.allSettled([
        store().update(KEY, CHANNEL, change, [memberOf(0), memberOf(1)]),
        store().update(KEY, CHANNEL, good, [memberOf(2)]),
      ]);
      expect(thrown.status).toBe('rejected');
      expect(await read(store(), [0, 1, 2].map(memberOf))).toEqual([FIRING, undefined, FIRING]);
    });

    it('keep nothing that a change has taken back', async () => {
      await begins(1);
      const change = (record: ThreadRecord, rolls: Rolls): ThreadRecord => {
        rolls.set(ID, memberOf(0), ENDED);
        rolls.discard();
        rolls.set(ID, memberOf(1), FIRING);
        return { ...record, due: 8 };
      };
      await store().update(KEY, CHANNEL, change, [memberOf(0), memberOf(1)]);
      expect(await read(store(), [0, 1].map(memberOf))).toEqual([FIRING, FIRING]);
    });

    it('lose no row of 300 concurrent changes', async () => {
      await begins(0);
      await Promise.all(
        Array.from({ length: 300 }, (_, n) =>
          store().update(
            KEY,
            CHANNEL,
            (record, rolls) => {
              rolls.set(ID, memberOf(n), FIRING);
              return { ...record, due: n };
            },
            [memberOf(n)],
          ),
        ),
      );
      await under().reopen();
      const ids = Array.from({ length: 300 }, (_, n) => memberOf(n));
      expect((await read(store(), ids)).filter((member) => member === undefined)).toEqual([]);
    });

    it('are those of the present incident: a change may have set some of the one before it', async () => {
      await begins(5);
      const next = incidentId(2);
      await store().update(KEY, CHANNEL, (record, rolls) => {
        rolls.set(ID, memberOf(0), ENDED);
        rolls.set(next, memberOf(7), FIRING);
        return { ...holding(crowded(1, next))(record), earlier: record.current === null ? [] : [record.current] };
      });
      expect(await read(store(), [memberOf(0), memberOf(7)], next)).toEqual([undefined, FIRING]);
      await under().reopen();
      expect(await read(store(), [memberOf(0), memberOf(7)], next)).toEqual([undefined, FIRING]);
    });

    it('go with their incident', async () => {
      await begins(5);
      await store().update(KEY, CHANNEL, holding(thread(incidentId(2))));
      await store().update(KEY, CHANNEL, holding(crowded(0)));
      expect(await read(store(), [memberOf(0)])).toEqual([undefined]);
      await begins(5);
      await store().update(KEY, CHANNEL, emptied);
      await under().reopen();
      await store().update(KEY, CHANNEL, holding(crowded(0)));
      expect(await read(store(), [memberOf(0)])).toEqual([undefined]);
    });
  });

  describe('live incidents', () => {
    const live = async (channel = CHANNEL): Promise<readonly number[]> => {
      const { store } = under();
      const { all, inChannel, open } = await store.live(channel);
      return [
        all,
        inChannel,
        open,
        await store.liveNamed(channel, 'DatabaseDown'),
        await store.liveNamed(channel, 'Database'),
      ];
    };

    it('are counted in all, by channel and by alertname, over a restart', async () => {
      const put = (key: string, channel: string, n: number): Promise<ThreadRecord> =>
        under().store.update(key, channel, holding(thread(incidentId(n))));
      expect(await live()).toEqual([0, 0, 0, 0, 0]);
      await Promise.all([put('a', CHANNEL, 1), put('b', CHANNEL, 2), put('c', 'C0OTHER00', 3)]);
      expect(await live()).toEqual([3, 2, 2, 2, 0]);
      expect(await live('C0OTHER00')).toEqual([3, 1, 1, 1, 0]);
      await under().reopen();
      expect(await live()).toEqual([3, 2, 2, 2, 0]);
      await under().store.update('a', CHANNEL, emptied);
      expect(await live()).toEqual([2, 1, 1, 1, 0]);
      await under().store.update('b', CHANNEL, holding(resolved(2)));
      expect(await live()).toEqual([2, 1, 0, 1, 0]);
    });

    it('that are folds are found', async () => {
      const whole = thread(incidentId(1));
      const fold = { alertname: 'Request Slow!', problems: 7, values: [] };
      const folded = { ...whole, incident: { ...whole.incident, fold } };
      const { store } = under();
      expect(await store.folds()).toEqual([]);
      await store.update(KEY, CHANNEL, holding(folded));
      await store.update('other', CHANNEL, holding(thread(incidentId(2))));
      expect(await store.liveNamed(CHANNEL, 'Request Slow!')).toBe(1);
      await under().reopen();
      expect((await under().store.folds()).map(({ current }) => current?.incident.fold)).toEqual([fold]);
      await under().store.update(KEY, CHANNEL, emptied);
      expect(await under().store.folds()).toEqual([]);
    });
  });
};
