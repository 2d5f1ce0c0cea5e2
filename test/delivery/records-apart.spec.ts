import { alertOf } from '../../src/domain/domain.fixture.js';
import type { IncidentThread } from '../../src/domain/record.js';
import { CHANNEL, DeliveryHarness } from '../support/delivery-harness.js';

const KEY = 'DiskFull|warning|unknown|default|production';
const MINUTE = 60_000;
const UNMADE =
  /^⚠️ DiskFull · warning · unknown · default · production: its card could not be made \(an error of Alert Threader; see its log\)/;

type Break = (thread: IncidentThread) => IncidentThread;

/** Its facts cannot be told: the alert that gives the card its words is missing. */
const withoutLead: Break = (thread) => ({ ...thread, incident: { ...thread.incident, lead: 'nobody' } });

/** A text that no card can be made of, until a newer version could. Its facts stay as they are. */
class Unreadable extends String {
  static readable = false;

  toJSON(): string {
    return this.valueOf();
  }

  override toString(): string {
    if (!Unreadable.readable) throw new TypeError('no card can be made of this');
    return this.valueOf();
  }
}
const unrenderable: Break = (thread) => ({
  ...thread,
  incident: { ...thread.incident, environment: new Unreadable('production') as unknown as string },
});
const unplannable: Break = (thread) => ({ ...thread, timeline: null as never });

describe('a record with which something is wrong', () => {
  let slack: DeliveryHarness;

  beforeEach(async () => {
    Unreadable.readable = false;
    slack = await DeliveryHarness.start({ SLACK_APP_TOKEN: 'xapp-1' });
  });
  afterEach(() => slack.close());

  /** Changes the stored thread without a word to the delivery. */
  const change = async (how: Break, key = KEY): Promise<void> => {
    await slack.process.store.update(key, CHANNEL, (record) => ({
      ...record,
      due: 0,
      current: record.current && how(record.current),
    }));
  };
  /** A thread that no call to Slack was made for, since it could not be made before. */
  const storeBroken = async (how: Break): Promise<void> => {
    const fault = slack.simulator.faults.add({
      method: 'chat.postMessage',
      kind: 'http',
      status: 503,
      times: Infinity,
    });
    await slack.receive(alertOf('aa01'));
    await change(how);
    await fault.remove();
  };
  const apart = () => slack.process.delivery.status().apart;
  const errors = (): object[] =>
    slack.logger.lines.filter(({ level }) => level === 'error').map(({ fields }) => fields);
  const calls = (method: string): number => slack.outcomes(method).filter((outcome) => outcome === 'ok').length;
  const others = Array.from({ length: 20 }, (_, n) =>
    alertOf(`bb${String(n)}`, { labels: { alertname: `Other${String(n)}`, severity: 'critical' }, annotations: {} }),
  );

  describe.each([
    ['whose facts cannot be told', withoutLead, 'Error'],
    ['whose card cannot be rendered', unrenderable, 'TypeError'],
  ] as const)('%s', (_, how, code) => {
    it('is shown once as a plain message, is told of once, and gets its card as soon as one can be made', async () => {
      await storeBroken(how);
      await slack.pass(10 * MINUTE);
      const [root, ...more] = slack.roots();
      expect(more).toEqual([]);
      expect(root?.text).toMatch(UNMADE);
      expect(root?.text).toContain(`Incident: ${(await slack.thread(KEY)).incident.id}`);
      expect(JSON.stringify(root?.blocks)).toContain('incident_ack');
      expect(calls('chat.postMessage')).toBe(1);
      expect(calls('chat.update')).toBe(0);
      expect(apart()).toMatchObject([{ key: KEY, channel: CHANNEL, reason: 'unmade', code }]);
      expect(apart()[0]?.tries).toBeGreaterThan(8);
      expect(apart()[0]?.tries).toBeLessThan(13);
      expect(errors()).toEqual([expect.objectContaining({ threadKey: KEY, channel: CHANNEL, code })]);

      Unreadable.readable = true;
      await slack.process.store.update(KEY, CHANNEL, (record) => ({
        ...record,
        current: record.current && { ...record.current, incident: { ...record.current.incident, lead: 'aa01' } },
      }));
      await slack.pass(MINUTE + 10_000);
      expect(slack.roots()[0]?.text).toMatch(/^⚠️ Disk is full/);
      expect(slack.roots()).toHaveLength(1);
      expect(calls('chat.update')).toBe(1);
      await slack.pass(MINUTE + 10_000);
      expect(apart()).toEqual([]);
    });

    it('shows what people did', async () => {
      await storeBroken(how);
      await slack.pass(MINUTE);
      await slack.act('acknowledge', KEY);
      await slack.pass(1_000);
      expect(JSON.stringify(slack.roots()[0]?.blocks)).toContain('incident_unack');
      expect(calls('chat.update')).toBe(1);
      await slack.act('resolve', KEY);
      await slack.pass(3 * MINUTE);
      expect(slack.roots()[0]?.text).toMatch(/^✅ RESOLVED — DiskFull · warning/);
      expect(calls('chat.update')).toBe(2);
      expect(calls('chat.postMessage')).toBe(1 + slack.replies(slack.roots()[0]).length);
    });

    it('is found by its operation when the answer was lost, and then known to lack its card', async () => {
      await storeBroken(how);
      slack.simulator.faults.add({ method: 'chat.postMessage', kind: 'reset-after' });
      await slack.pass(3 * MINUTE);
      expect(slack.roots()).toHaveLength(1);
      expect(calls('chat.update')).toBe(0);
      expect((await slack.thread(KEY)).delivery).toMatchObject({
        rootTs: slack.roots()[0]?.ts,
        claim: null,
        shownDigest: expect.stringMatching(/^firing:unmade/) as string,
      });
    });

    it('leaves the record when it is over, as others do', async () => {
      await storeBroken(how);
      await slack.pass(MINUTE);
      await slack.act('resolve', KEY);
      await slack.pass(45 * MINUTE);
      expect((await slack.record(KEY))?.current).toBeNull();
    });
  });

  it('has a plain reply where one cannot be made, and others after it', async () => {
    await slack.receive(alertOf('aa01'));
    await slack.pass(1_000);
    await change(({ timeline, ...thread }) => {
      const entry = { n: 2, at: 0, kind: 'repeated', loud: false, count: 1, alerts: [], note: 5 as never } as const;
      return { ...thread, timeline: { last: 2, entries: [...timeline.entries, entry] } };
    });
    await slack.pass(5_000);
    await slack.receive(alertOf('aa02'));
    await slack.pass(5_000);
    expect(slack.replies(slack.roots()[0]).map(({ text }) => text)).toEqual([
      expect.stringMatching(/: a reply could not be made \(an error of Alert Threader; see its log\)/),
      expect.stringMatching(/aa02 joined/),
    ]);
    expect(apart()).toMatchObject([{ key: KEY, reason: 'unmade' }]);
    await slack.pass(MINUTE + 10_000);
    expect(apart()).toEqual([]);
  });

  it('that cannot be planned waits alone: others are shown, it is tried every minute and told of once', async () => {
    await slack.receive(alertOf('aa01'));
    await slack.pass(1_000);
    await change(unplannable);
    await slack.receive(...others);
    await slack.pass(10 * MINUTE);
    expect(slack.roots()).toHaveLength(21);
    expect(apart()).toMatchObject([{ key: KEY, channel: CHANNEL, reason: 'failed', code: 'TypeError' }]);
    expect(apart()[0]?.tries).toBeGreaterThan(8);
    expect(apart()[0]?.tries).toBeLessThan(13);
    expect(errors()).toEqual([expect.objectContaining({ threadKey: KEY, channel: CHANNEL, code: 'TypeError' })]);

    await change((thread) => ({ ...thread, timeline: { last: 0, entries: [] } }));
    await slack.pass(MINUTE + 10_000);
    expect(apart()).toEqual([]);
  });

  it('that cannot be planned keeps no alert of others in the same webhook from its thread', async () => {
    await slack.receive(alertOf('aa01'));
    await change(unplannable);
    await expect(slack.receive(alertOf('aa02'), ...others)).rejects.toThrow();
    await slack.pass(MINUTE);
    expect(slack.roots()).toHaveLength(21);
  });

  it('holds up nothing that waits at a start', async () => {
    const fault = slack.simulator.faults.add({
      method: 'chat.postMessage',
      kind: 'http',
      status: 503,
      times: Infinity,
    });
    await slack.receive(alertOf('aa01'));
    await change(withoutLead);
    await slack.receive(...others);
    await slack.crash();
    await fault.remove();
    await slack.pass(2 * MINUTE);
    expect(slack.roots()).toHaveLength(21);
    expect(slack.roots().filter(({ text }) => UNMADE.test(text))).toHaveLength(1);
  });
});
