import { severe } from '../../src/domain/domain.fixture.js';
import type { ThreadRecord } from '../../src/domain/record.js';
import { DeliveryHarness } from '../support/delivery-harness.js';

const disk = severe('f1', 'warning', { labels: { alertname: 'Disk', severity: 'warning' } });
const KEY = 'Disk|warning|unknown|default|production';

describe('a store that comes back without its last changes', () => {
  let slack: DeliveryHarness;

  afterEach(() => slack.close());

  const stored = async (): Promise<ThreadRecord> => {
    const record = await slack.record(KEY);
    if (record === undefined) throw new Error('nothing is stored');
    return record;
  };

  /** As an alert leaves it, before anything is claimed. */
  const beforeItWasShown = async (ending?: 'refused'): Promise<ThreadRecord> => {
    const release = slack.hold('post', 'before');
    await slack.receiveAt(0, disk);
    const { current, ...rest } = await stored();
    release(ending);
    await (ending === undefined ? slack.pass(2_000) : slack.settle());
    if (current === null) throw new Error('no incident');
    return { ...rest, due: slack.clock.now(), current: { ...current, delivery: { ...current.delivery, claim: null } } };
  };

  it('a thread that it forgot is found, and not started twice', async () => {
    slack = await DeliveryHarness.replicas(2);
    const before = await beforeItWasShown();
    const [root] = slack.roots();
    await slack.storeForgets(KEY, before);
    await slack.pass(90_000);
    expect(slack.outcomes('chat.postMessage')).toEqual(['ok']);
    expect(slack.roots().map(({ ts }) => ts)).toEqual([root?.ts]);
    expect((await slack.thread(KEY)).delivery).toMatchObject({ rootTs: root?.ts, claim: null });
  });

  it('a reply that it forgot is not given twice', async () => {
    slack = await DeliveryHarness.replicas(2);
    await slack.receiveAt(0, disk);
    await slack.pass(3_000);
    const release = slack.hold('post', 'before');
    await slack.receiveAt(0, { ...disk, fingerprint: 'second' });
    const { current, ...rest } = await stored();
    release();
    await slack.pass(3_000);
    if (current === null) throw new Error('no incident');
    const delivery = { ...current.delivery, claim: null };
    await slack.storeForgets(KEY, { ...rest, due: slack.clock.now(), current: { ...current, delivery } });
    await slack.pass(90_000);
    expect(slack.replies(slack.roots()[0])).toHaveLength(1);
    expect(slack.outcomes('chat.postMessage')).toEqual(['ok', 'ok']);
  });

  it('what was really not sent is sent, after two looks', async () => {
    slack = await DeliveryHarness.replicas(2);
    const before = await beforeItWasShown('refused');
    await slack.storeForgets(KEY, before);
    await slack.pass(9_000);
    expect(slack.roots()).toEqual([]);
    await slack.pass(4_000);
    expect(slack.roots()).toHaveLength(1);
  });

  it('is trusted again after a quarter of a minute', async () => {
    slack = await DeliveryHarness.replicas(2);
    const before = await beforeItWasShown();
    await slack.storeForgets(KEY, before);
    await slack.pass(16_000);
    await slack.receiveAt(0, severe('f2', 'warning', { labels: { alertname: 'Other', severity: 'warning' } }));
    await slack.pass(1_000);
    expect(slack.roots()).toHaveLength(2);
  });
});
