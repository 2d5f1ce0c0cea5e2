import type { Message } from '../../simulator/workspace/message.js';
import { alertOf, ended } from '../../src/domain/domain.fixture.js';
import { LEASE_MS } from '../../src/domain/lease.js';
import type { Ending } from '../support/call-gates.js';
import { DeliveryHarness } from '../support/delivery-harness.js';

const KEY = 'DiskFull|warning|unknown|default|production';
/** What was posted after its claim was lost is gone so much later. */
const DELETED_WITHIN_MS = 90_000;

/** A call that a test holds, and how it ends, in milliseconds after the first claim. `never`: its process died. */
interface HeldCall {
  /** `before`: it leaves at its end, `after`: Slack took it at once. */
  readonly hold: 'before' | 'after';
  readonly ends?: number;
  readonly how?: Ending;
}

interface Row {
  readonly when: string;
  /** Of the replica that hangs. */
  readonly late: HeldCall;
  /** Of the replica that took over and sends again. */
  readonly redo?: HeldCall;
  /** Slack's history shows nothing that is younger, in seconds. */
  readonly lag?: number;
  /** Messages that Slack took in all. */
  readonly posted: number;
}

// The lease ends at 15 s. The others look at 17 s and at 25 s, send again at 25 s, and look again 60 s after that.
const rows: Row[] = [
  { when: 'taken; answered before the lease ends', late: { hold: 'after', ends: 14_000 }, posted: 1 },
  { when: 'taken; answered after the take-over, before any look', late: { hold: 'after', ends: 16_000 }, posted: 1 },
  { when: 'taken; found by the first look; answered then', late: { hold: 'after', ends: 20_000 }, posted: 1 },
  { when: 'taken; found by the first look; answered much later', late: { hold: 'after', ends: 120_000 }, posted: 1 },
  {
    when: 'taken; found by the first look; its answer lost',
    late: { hold: 'after', ends: 20_000, how: 'lost' },
    posted: 1,
  },
  { when: 'taken; found by the first look; its process died', late: { hold: 'after' }, posted: 1 },
  { when: 'comes between the looks, answered', late: { hold: 'before', ends: 20_000 }, posted: 1 },
  {
    when: 'never leaves; its answer lost between the looks',
    late: { hold: 'before', ends: 20_000, how: 'lost' },
    posted: 1,
  },
  { when: 'never leaves; its process died', late: { hold: 'before' }, posted: 1 },
  {
    when: 'comes while the redo has not left',
    late: { hold: 'before', ends: 28_000 },
    redo: { hold: 'before', ends: 30_000 },
    posted: 2,
  },
  {
    when: 'comes while the answer of the redo is on its way',
    late: { hold: 'before', ends: 28_000 },
    redo: { hold: 'after', ends: 30_000 },
    posted: 2,
  },
  {
    when: 'is refused while the redo is on its way',
    late: { hold: 'before', ends: 28_000, how: 'refused' },
    redo: { hold: 'after', ends: 34_000 },
    posted: 1,
  },
  { when: 'is refused between the looks', late: { hold: 'before', ends: 20_000, how: 'refused' }, posted: 1 },
  {
    when: 'comes while the redo has not left, whose process dies then',
    late: { hold: 'before', ends: 28_000 },
    redo: { hold: 'before' },
    posted: 1,
  },
  {
    when: 'comes while the answer of the redo is on its way, whose process dies then',
    late: { hold: 'before', ends: 28_000 },
    redo: { hold: 'after' },
    posted: 2,
  },
  {
    when: 'comes after the redo lost its answer',
    late: { hold: 'before', ends: 31_000 },
    redo: { hold: 'after', ends: 30_000, how: 'lost' },
    posted: 2,
  },
  {
    when: 'comes after the redo hung past its lease too, which comes last',
    late: { hold: 'before', ends: 70_000 },
    redo: { hold: 'before', ends: 75_000 },
    posted: 3,
  },
  { when: 'comes after the redo was committed', late: { hold: 'before', ends: 40_000 }, posted: 2 },
  { when: 'comes after the look for doubles', late: { hold: 'before', ends: 120_000 }, posted: 2 },
  {
    when: 'taken, but not seen by the looks; answered after the redo',
    late: { hold: 'after', ends: 40_000 },
    lag: 40,
    posted: 2,
  },
  { when: 'taken, but not seen by the looks; its process died', late: { hold: 'after' }, lag: 40, posted: 2 },
  {
    when: 'taken, but not seen by the looks; answered while the redo is on its way',
    late: { hold: 'after', ends: 27_000 },
    redo: { hold: 'before', ends: 30_000 },
    lag: 40,
    posted: 2,
  },
];

describe.each(['root', 'reply'] as const)('a replica hangs past its lease with a call in flight: a %s', (call) => {
  let slack: DeliveryHarness;

  beforeEach(async () => {
    slack = await DeliveryHarness.replicas(3);
    if (call === 'root') return;
    await slack.receiveAt(0, alertOf('aa01'));
    await slack.pass(5_000);
  });
  afterEach(() => slack.close());

  const standing = (): Message[] => (call === 'root' ? slack.roots() : slack.replies(slack.roots()[0]));
  const taken = (): number => slack.outcomes('chat.postMessage').filter((outcome) => outcome === 'ok').length;

  it.each(rows)('$when', async ({ late, redo, lag, posted }) => {
    const before = taken();
    if (lag !== undefined) slack.simulator.faults.add({ kind: 'history-lag', seconds: lag });
    const started = slack.clock.now();
    const ends = [{ ...late, release: slack.hold('post', late.hold) }];
    await slack.receiveAt(0, alertOf('aa02'));
    if (redo !== undefined) ends.push({ ...redo, release: slack.hold('post', redo.hold) });
    for (const { ends: at, how, release } of ends.sort((a, b) => (a.ends ?? 0) - (b.ends ?? 0))) {
      if (at === undefined) continue;
      await slack.pass(started + at - slack.clock.now());
      release(how);
      await slack.settle();
    }
    const lastCall = slack.clock.now();
    await slack.pass(DELETED_WITHIN_MS);
    expect(standing().length).toBeLessThanOrEqual(1);
    await slack.pass(lastCall < started + 60_000 ? 60_000 : 0);

    expect(taken()).toBe(before + posted);
    expect(standing()).toHaveLength(1);
    const { delivery } = await slack.thread(KEY);
    expect(delivery.claim).toBeNull();
    for (const rest of ['doubts', 'strays', 'turn']) expect(delivery).not.toHaveProperty(rest);
    expect(slack.roots().map(({ ts }) => ts)).toEqual([delivery.rootTs]);
  });
});

describe('leases', () => {
  let slack: DeliveryHarness;

  beforeEach(async () => {
    slack = await DeliveryHarness.replicas(2);
  });
  afterEach(() => slack.close());

  const posts = () => slack.outcomes('chat.postMessage').length;

  it('leaves a claim to its owner until the lease is over', async () => {
    slack.hold('post', 'before');
    await slack.receiveAt(0, alertOf('aa01'));
    await slack.pass(LEASE_MS - 1_000);
    expect((await slack.thread(KEY)).delivery.claim).toMatchObject({ owner: 'replica-1' });
    expect((await slack.thread(KEY)).delivery.claim?.endedAt).toBeUndefined();
    await slack.pass(1_500);
    expect((await slack.thread(KEY)).delivery.claim?.endedAt).toBeDefined();
  });

  it('takes over although nobody told of it: the sweep finds it', async () => {
    slack.bus.deaf = true;
    slack.hold('post', 'after');
    await slack.receiveAt(0, alertOf('aa01'));
    await slack.pass(LEASE_MS + 2_000 + 4_000);
    expect((await slack.thread(KEY)).delivery.rootTs).toBe(slack.roots()[0]?.ts);
  });

  it('goes on with the other threads of the record meanwhile, on any replica', async () => {
    await slack.close();
    slack = await DeliveryHarness.replicas(2, { REOPEN_WINDOW: '0' });
    await slack.receiveAt(0, alertOf('aa01'));
    await slack.pass(3_000);
    slack.hold('post', 'before');
    await slack.receiveAt(0, ended('aa01', slack.clock.now()));
    await slack.pass(3_000);
    // The next incident of the same key begins while the reply of the one before hangs.
    await slack.receiveAt(1, alertOf('aa01', { startsAt: slack.clock.now() }));
    await slack.pass(1_000);
    expect(slack.roots()).toHaveLength(2);
    const record = await slack.record(KEY);
    expect(record?.earlier[0]?.delivery.claim).toMatchObject({ owner: 'replica-1', call: 'reply' });
    expect(record?.current?.delivery).toMatchObject({ claim: null, rootTs: slack.roots()[1]?.ts });
  });

  it('keeps one thread after DELETE /cache, whatever comes late', async () => {
    const release = slack.hold('post', 'before');
    await slack.receiveAt(0, alertOf('aa01'));
    await slack.pass(30_000); // the other one posted it by now
    expect(slack.roots()).toHaveLength(1);
    await slack.process.store.clear();
    await slack.receiveAt(1, alertOf('aa02'));
    await slack.pass(5_000);
    const kept = slack.roots().map(({ ts }) => ts);
    expect(kept).toHaveLength(2); // the forgotten one, and the new one
    release();
    await slack.pass(DELETED_WITHIN_MS);
    expect(slack.roots().map(({ ts }) => ts)).toEqual(kept);
  });

  it('deletes what comes when the thread is in the history already', async () => {
    await slack.close();
    slack = await DeliveryHarness.replicas(2, { REOPEN_WINDOW: '0' });
    await slack.receiveAt(0, alertOf('aa01'));
    await slack.pass(3_000);
    const release = slack.hold('post', 'before');
    await slack.receiveAt(0, ended('aa01', slack.clock.now()));
    await slack.pass(5 * 60_000);
    expect(await slack.record(KEY)).toBeUndefined();
    expect(slack.replies(slack.roots()[0])).toHaveLength(1);
    release();
    await slack.pass(1_000);
    expect(slack.outcomes('chat.postMessage')).toEqual(['ok', 'ok', 'ok']);
    expect(slack.replies(slack.roots()[0])).toHaveLength(1);
    expect(slack.roots()).toHaveLength(1);
  });

  const edits: { when: string; late: HeldCall; redo?: HeldCall }[] = [
    { when: 'applied; answered after the take-over', late: { hold: 'after', ends: 20_000 } },
    { when: 'comes after the take-over, over a newer one', late: { hold: 'before', ends: 25_000 } },
    { when: 'comes long after, over a newer one', late: { hold: 'before', ends: 120_000 } },
    { when: 'comes long after, and its answer is lost', late: { hold: 'after', ends: 120_000, how: 'lost' } },
    {
      when: 'comes while the newer one is on its way',
      late: { hold: 'before', ends: 18_000 },
      redo: { hold: 'after', ends: 19_000 },
    },
    {
      when: 'comes while the newer one has not left',
      late: { hold: 'before', ends: 18_000 },
      redo: { hold: 'before', ends: 19_000 },
    },
    { when: 'its process died', late: { hold: 'before' } },
  ];

  it.each(edits)('an edit that hangs: $when', async ({ late, redo }) => {
    await slack.receiveAt(0, alertOf('aa01'));
    await slack.pass(3_000);
    const started = slack.clock.now();
    const ends = [{ ...late, release: slack.hold('update', late.hold) }];
    await slack.receiveAt(0, alertOf('aa02'));
    await slack.pass(500);
    if (redo !== undefined) ends.push({ ...redo, release: slack.hold('update', redo.hold) });
    await slack.receiveAt(1, alertOf('aa03'));
    for (const { ends: at, how, release } of ends) {
      if (at === undefined) continue;
      await slack.pass(started + at - slack.clock.now());
      release(how);
    }
    await slack.pass(80_000);
    expect(JSON.stringify(slack.roots()[0])).toContain('3 firing');
    const { delivery } = await slack.thread(KEY);
    expect(delivery).toMatchObject({ claim: null });
    expect(delivery).not.toHaveProperty('editAgainAt');
    expect(slack.roots()).toHaveLength(1);
  });

  it('searches and deletes once, not once for each replica', async () => {
    slack.hold('post', 'before')('lost');
    await slack.receiveAt(0, alertOf('aa01'));
    await slack.pass(15_000);
    expect(slack.outcomes('conversations.history')).toHaveLength(2);
    expect(slack.roots()).toHaveLength(1);
    await slack.pass(70_000);
    expect(slack.outcomes('conversations.history')).toHaveLength(3);
    expect(posts()).toBe(1);
  });

  it('has one of them search, though all find the work in the same moment', async () => {
    await slack.close();
    slack = await DeliveryHarness.replicas(4);
    slack.bus.deaf = true;
    const lose = slack.hold('post', 'before');
    await slack.receiveAt(0, alertOf('aa01'));
    void slack.replicas[0]?.delivery.stop();
    lose('lost');
    await slack.pass(20_000);
    expect(slack.outcomes('conversations.history')).toHaveLength(2);
    expect(slack.outcomes('chat.postMessage')).toEqual(['ok']);
    await slack.pass(70_000);
    expect(slack.outcomes('conversations.history')).toHaveLength(3);
    expect((await slack.thread(KEY)).delivery).not.toHaveProperty('turn');
  });

  it('gives back at a stop what it claimed and did not begin, and ends what it began', async () => {
    const release = slack.hold('post', 'after');
    await slack.receiveAt(0, alertOf('aa01'));
    const stopped = slack.replicas[0]?.delivery.stop();
    await slack.receiveAt(0, alertOf('bb01', { labels: { alertname: 'Other' }, annotations: {} }));
    release();
    await slack.pass(1_000);
    await stopped;
    expect((await slack.thread(KEY)).delivery).toMatchObject({ claim: null, rootTs: slack.roots()[0]?.ts });
    await slack.pass(4_000); // the other one finds what was left
    expect(slack.roots()).toHaveLength(2);
    expect(posts()).toBe(2);
  });
});
