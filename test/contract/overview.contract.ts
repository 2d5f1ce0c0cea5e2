import type { Incident } from '../../src/domain/incident.js';
import type { Delivery, IncidentThread } from '../../src/domain/record.js';
import type { StoreOverview, ThreadStore } from '../../src/thread-store/thread-store.js';
import { CHANNEL, emptied, holding, incidentId, KEY, resolved, thread } from './records.js';

const AT = 1_763_000_000_000;
const OTHER = 'C0OTHER00';

/** A thread with one entry, that Slack shows as far as `delivery` says. */
const told = (n: number, facts: Partial<Incident>, delivery: Partial<Delivery>, channel = CHANNEL): IncidentThread => {
  const { incident, ...rest } = thread(incidentId(n), { channel });
  const entry = { n: 1, at: AT + n, kind: 'opened', loud: true, count: 1, alerts: ['f1'] } as const;
  return {
    ...rest,
    incident: { ...incident, ...facts },
    timeline: { last: 1, entries: [entry] },
    delivery: { ...rest.delivery, ...delivery },
  };
};
const SHOWN = { rootTs: '1.1', shownEntry: 1, shownDigest: 'firing:abc' } as const;

/** What the figures say, without those that are 0. */
const short = ({ incidents, backlog }: StoreOverview) => ({
  incidents: Object.fromEntries(
    incidents.filter(({ count }) => count !== 0).map(({ status, severity, count }) => [`${status} ${severity}`, count]),
  ),
  backlog: [...backlog].sort((a, b) => (a.channel < b.channel ? -1 : 1)),
});

/** `overview()`, of the store that is open now. */
export const overviewContract = (now: () => ThreadStore, reopen: () => Promise<void>): void => {
  describe('overview', () => {
    const put = (n: number, one: IncidentThread | null, channel = CHANNEL): Promise<unknown> =>
      now().update(`key ${n}`, channel, holding(one));
    const overview = async () => short(await now().overview());

    it('names every status with every severity, and no channel where nothing happened', async () => {
      const { incidents, backlog } = await now().overview();
      expect(incidents).toHaveLength(18);
      expect(new Set(incidents.map(({ count }) => count))).toEqual(new Set([0]));
      expect(incidents).toContainEqual({ status: 'acknowledged', severity: 'other', count: 0 });
      expect(backlog).toEqual([]);
    });

    it('counts incidents by status and severity through their life, each once', async () => {
      await put(1, thread(incidentId(1)));
      await put(2, told(2, { severity: 'Warning' }, {}));
      await put(3, told(3, { severity: 'page|me' }, {}));
      await put(4, told(4, { severity: 'critical', status: 'acknowledged' }, {}));
      for (const again of [() => Promise.resolve(), reopen]) {
        await again();
        expect((await overview()).incidents).toEqual({
          'firing critical': 1,
          'firing warning': 1,
          'firing other': 1,
          'acknowledged critical': 1,
        });
      }
      await put(2, told(2, { severity: 'error', status: 'acknowledged' }, {}));
      await put(3, null);
      const { incident, ...rest } = resolved(4);
      const over = { ...rest, incident: { ...incident, key: 'key 4' } };
      await put(4, over);
      await now().archive(over);
      for (const again of [() => Promise.resolve(), reopen]) {
        await again();
        expect((await overview()).incidents).toEqual({
          'firing critical': 1,
          'acknowledged error': 1,
          'resolved critical': 1,
        });
      }
      await now().update('key 4', CHANNEL, emptied);
      await now().archive(resolved(5));
      await now().archive({ ...resolved(5), incident: { ...resolved(5).incident, severity: 'debug' } });
      expect((await overview()).incidents).toMatchObject({ 'resolved critical': 1, 'resolved debug': 1 });
      await now().prune(2 * AT);
      for (const again of [() => Promise.resolve(), reopen]) {
        await again();
        expect((await overview()).incidents).toEqual({ 'firing critical': 1, 'acknowledged error': 1 });
      }
    });

    it('tells how many threads are behind in each channel, and since when', async () => {
      await put(5, told(5, {}, {}));
      await put(3, told(3, {}, {}));
      await put(7, told(7, {}, SHOWN));
      await put(4, told(4, {}, {}, OTHER), OTHER);
      for (const again of [() => Promise.resolve(), reopen]) {
        await again();
        expect((await overview()).backlog).toEqual([
          { channel: CHANNEL, threads: 2, since: AT + 3 },
          { channel: OTHER, threads: 1, since: AT + 4 },
        ]);
      }
      await put(3, told(3, {}, SHOWN));
      const acknowledged = { by: { kind: 'slack', id: 'U0ALICE01' }, at: AT + 9 } as const;
      await put(7, told(7, { status: 'acknowledged', acknowledged }, SHOWN)); // the card says "firing"
      await put(4, null, OTHER);
      for (const again of [() => Promise.resolve(), reopen]) {
        await again();
        expect((await overview()).backlog).toEqual([{ channel: CHANNEL, threads: 2, since: AT + 5 }]);
      }
      await put(5, told(5, {}, SHOWN));
      expect((await overview()).backlog).toEqual([{ channel: CHANNEL, threads: 1, since: AT + 9 }]);
      await put(7, told(7, { status: 'acknowledged', acknowledged }, { ...SHOWN, shownDigest: 'acknowledged:x' }));
      expect((await overview()).backlog).toEqual([]);
    });

    it('follows threads that moved to another channel, and those before the present one', async () => {
      const earlier = [told(1, { status: 'resolved' }, {}, OTHER)];
      await now().update(KEY, CHANNEL, holding(told(2, {}, {}), { earlier }));
      for (const again of [() => Promise.resolve(), reopen]) {
        await again();
        expect((await overview()).backlog).toEqual([
          { channel: CHANNEL, threads: 1, since: AT + 2 },
          { channel: OTHER, threads: 1, since: AT + 1 },
        ]);
      }
      await now().update(KEY, CHANNEL, holding(told(2, {}, {}, OTHER), { earlier: [] }));
      expect((await overview()).backlog).toEqual([{ channel: OTHER, threads: 1, since: AT + 2 }]);
      await now().update(KEY, CHANNEL, emptied);
      expect((await overview()).backlog).toEqual([]);
    });
  });
};
