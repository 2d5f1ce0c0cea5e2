import { alertOf, ended, severe } from '../../src/domain/domain.fixture.js';
import { CHANNEL, DeliveryHarness, OTHER_CHANNEL } from '../support/delivery-harness.js';

const named = (name: string, severity = 'warning') =>
  severe(`f${name}`, severity, { labels: { alertname: name, severity, instance: `${name}.example.com` } });
const over = (name: string, at: number, severity = 'warning') => ({
  ...named(name, severity),
  status: 'resolved' as const,
  endsAt: at,
});
const keyOf = (name: string, severity = 'warning') => `${name}|${severity}|unknown|default|production`;

describe('pace', () => {
  let slack: DeliveryHarness;

  afterEach(() => slack.close());

  it('shows 100 distinct alerts in a channel of 1 a second within 105 s, critical ones first, at most two 429s', async () => {
    slack = await DeliveryHarness.start({}, 'slack');
    const alerts = Array.from({ length: 100 }, (_, i) => named(`A${String(i)}`, i % 10 === 9 ? 'critical' : 'warning'));
    const started = slack.clock.now();
    await slack.receive(...alerts);
    await slack.pass(105_000);
    expect(slack.roots()).toHaveLength(100);
    expect(slack.simulator.calls.filter(({ outcome }) => outcome === 'ratelimited').length).toBeLessThanOrEqual(2);
    const posts = slack.simulator.calls.filter(({ method }) => method === 'chat.postMessage');
    // Never more than burst + rate × time.
    posts.forEach(({ at }, i) => {
      expect(i + 1).toBeLessThanOrEqual(3 + (at - started) / 1_000 + 0.2);
    });
    // Of the 10 critical ones, which wait behind nobody but every fourth: all are among the first 14 (3 were out before).
    const critical = slack.roots().flatMap(({ text }, i) => (text.includes('critical') ? [i] : []));
    expect(critical).toHaveLength(10);
    expect(Math.max(...critical)).toBeLessThan(17);
  });

  it('keeps to the limit of the workspace, over all channels', async () => {
    slack = await DeliveryHarness.start();
    const channels = Array.from({ length: 40 }, (_, i) => `C0SHARED${String(i).padStart(2, '0')}`);
    for (const id of channels) slack.simulator.addChannel({ id, name: id.toLowerCase() });
    const started = slack.clock.now();
    for (const id of channels) await slack.receiveIn(id, named('Everywhere'));
    await slack.pass(10_000);
    const posts = slack.simulator.calls.filter(({ method }) => method === 'chat.postMessage').map(({ at }) => at);
    expect(posts).toHaveLength(40);
    posts.forEach((at, i) => {
      expect(i + 1).toBeLessThanOrEqual(20 + (5 * (at - started)) / 1_000 + 1);
    });
  });

  it('holds back after a 429 that channel alone, for as long as Slack says', async () => {
    slack = await DeliveryHarness.start();
    slack.simulator.faults.add({ method: 'chat.postMessage', channel: CHANNEL, kind: 'rate-limit', retryAfter: 20 });
    await slack.receive(named('Here'));
    await slack.receive(named('Here2'));
    await slack.receiveIn(OTHER_CHANNEL, named('There'));
    await slack.pass(3_000);
    expect(slack.roots(OTHER_CHANNEL)).toHaveLength(1);
    expect(slack.roots()).toHaveLength(0);
    await slack.pass(16_000);
    expect(slack.roots()).toHaveLength(0);
    await slack.pass(3_000);
    expect(slack.roots()).toHaveLength(2);
    expect(slack.outcomes('conversations.history')).toEqual([]);
  });

  it('holds back edits after a 429 of chat.update, not posts', async () => {
    slack = await DeliveryHarness.start();
    await slack.receive(named('First'));
    await slack.pass(3_000);
    slack.simulator.faults.add({ method: 'chat.update', kind: 'rate-limit', retryAfter: 30 });
    await slack.receive(over('First', slack.clock.now()), named('Second'));
    await slack.pass(10_000);
    expect(slack.roots()).toHaveLength(2);
    expect(slack.replies(slack.roots()[0])).toHaveLength(1);
    expect(slack.roots()[0]?.edits).toBe(0);
    await slack.pass(25_000);
    expect(slack.roots()[0]?.edits).toBe(1);
  });

  it('waits a while after a 429 that names no time', async () => {
    slack = await DeliveryHarness.start();
    slack.simulator.faults.add({ method: 'chat.postMessage', kind: 'rate-limit', retryAfter: null });
    await slack.receive(named('Here'));
    await slack.pass(29_000);
    expect(slack.outcomes('chat.postMessage')).toHaveLength(1);
    await slack.pass(3_000);
    expect(slack.roots()).toHaveLength(1);
  });

  it('never edits more than 50 times a minute over all channels, and status before counts', async () => {
    slack = await DeliveryHarness.start({ SLACK_POSTS_PER_SECOND: '100', SLACK_POST_BURST: '100' });
    const names = Array.from({ length: 80 }, (_, i) => `B${String(i)}`);
    await slack.receive(...names.map((name) => named(name)));
    await slack.pass(30_000);
    const before = slack.clock.now();
    // A second instance joins 79 of them (counts change), then the last one ends (its status changes).
    await slack.receive(
      ...names.slice(0, 79).map((name) => ({
        ...named(name),
        fingerprint: `second${name}`,
        labels: { ...named(name).labels, instance: 'second.example.com' },
      })),
    );
    await slack.pass(5_000);
    await slack.receive(over('B79', slack.clock.now()));
    await slack.pass(3_000);
    await slack.pass(300_000);
    const edits = slack.simulator.calls.filter(({ method }) => method === 'chat.update').map(({ at }) => at);
    for (const at of edits) expect(edits.filter((other) => other >= at && other < at + 60_000).length).toBeLessThan(51);
    expect(slack.roots().every((root) => root.edits >= 1)).toBe(true);
    const b79 = slack.simulator.calls.find(
      ({ method, args }) => method === 'chat.update' && JSON.stringify(args).includes('B79'),
    );
    // It came last, and goes before some seventy counts that wait.
    expect((b79?.at ?? Infinity) - before).toBeLessThan(12_000);
  });

  it('edits a root at most once in 2 s, with the newest state', async () => {
    slack = await DeliveryHarness.start();
    await slack.receive(named('Busy'));
    await slack.pass(3_000);
    for (let i = 0; i < 20; i++) {
      await slack.receive({ ...named('Busy'), fingerprint: `more${String(i)}` });
      await slack.pass(100);
    }
    await slack.pass(5_000);
    const edits = slack.simulator.calls.filter(({ method }) => method === 'chat.update').map(({ at }) => at);
    edits.slice(1).forEach((at, i) => {
      expect(at - (edits[i] ?? 0)).toBeGreaterThanOrEqual(2_000);
    });
    expect(JSON.stringify(slack.roots()[0])).toContain('21 firing');
  });

  it("lets a person's click go before a backlog, at once", async () => {
    slack = await DeliveryHarness.start();
    await slack.receive(named('Mine'));
    await slack.pass(3_000);
    await slack.receive(...Array.from({ length: 60 }, (_, i) => named(`C${String(i)}`, 'critical')));
    await slack.pass(2_000);
    await slack.receive({ ...named('Mine'), fingerprint: 'second' });
    const clicked = slack.clock.now();
    await slack.act('acknowledge', keyOf('Mine'));
    await slack.pass(2_500);
    const mine = slack.roots().find(({ text }) => text.includes('Mine'));
    expect(slack.replies(mine).map(({ text }) => text)).toEqual([expect.stringContaining('Acknowledged')]);
    const edit = slack.simulator.calls.find(({ method, at }) => method === 'chat.update' && at >= clicked);
    expect((edit?.at ?? Infinity) - clicked).toBeLessThanOrEqual(200);
  });

  it('keeps edits and a post for people, however many counts and new threads wait', async () => {
    slack = await DeliveryHarness.start();
    const names = Array.from({ length: 60 }, (_, i) => `P${String(i)}`);
    await slack.receive(...names.map((name) => named(name)));
    await slack.pass(60_000);
    expect(slack.roots()).toHaveLength(60);
    await slack.receive(...names.map((name) => ({ ...named(name), fingerprint: `second${name}` })));
    await slack.receive(...Array.from({ length: 100 }, (_, i) => named(`Q${String(i)}`, 'critical')));
    await slack.pass(20_000);

    // A click every 2 s leaves some edits over for the counts.
    for (const name of names.slice(30, 50)) {
      const { rootTs } = (await slack.thread(keyOf(name))).delivery;
      const before = slack.simulator.calls.length;
      await slack.act('acknowledge', keyOf(name));
      await slack.pass(200);
      const calls = slack.simulator.calls
        .slice(before)
        .map(({ method, args }) => [method, args['ts'] ?? args['thread_ts']]);
      expect(calls).toContainEqual(['chat.update', rootTs]);
      expect(calls).toContainEqual(['chat.postMessage', rootTs]);
      await slack.pass(1_800);
    }
    expect(slack.roots().length).toBeGreaterThan(60 + 30);
    const roots = slack.roots().slice(0, 60);
    expect(roots.filter(({ edits }) => edits > 0).length).toBeGreaterThan(20 + 12);
    expect(slack.outcomes('chat.update').every((outcome) => outcome === 'ok')).toBe(true);
    expect(slack.outcomes('chat.postMessage').every((outcome) => outcome === 'ok')).toBe(true);
  });

  it('keeps up to 4 threads of a channel in flight: one slow answer does not stop the others', async () => {
    slack = await DeliveryHarness.start();
    const release = slack.hold('post', 'after');
    await slack.receive(named('Slow'));
    await slack.receive(named('D1'), named('D2'), named('D3'));
    await slack.pass(5_000);
    expect(slack.roots()).toHaveLength(4);
    release();
    await slack.settle();
    expect((await slack.thread(keyOf('Slow'))).delivery.rootTs).not.toBeNull();
  });

  it('lets a critical alert of another name go among the next 4 posts, though 3,000 of one name wait', async () => {
    slack = await DeliveryHarness.start();
    const labels = { alertname: 'Many', severity: 'critical' };
    await slack.receive(
      ...Array.from({ length: 3_000 }, (_, i) =>
        severe(`many${String(i)}`, 'critical', { labels: { ...labels, service: `s${String(i)}` } }),
      ),
    );
    await slack.pass(10_000);
    const before = slack.roots().length;
    expect(before).toBeGreaterThan(8);
    await slack.receive(named('Other', 'critical'));
    for (const name of ['Second', 'Third']) await slack.receive(named(name, 'critical'));
    await slack.pass(10_000);
    const texts = slack.roots().map(({ text }) => text);
    const place = (name: string): number => texts.findIndex((text) => text.includes(name)) - before;
    expect(place('Other')).toBeGreaterThanOrEqual(0);
    expect(place('Other')).toBeLessThan(4);
    expect(place('Second')).toBeLessThan(6);
    expect(place('Third')).toBeLessThan(6);
    // The many go on meanwhile.
    expect(texts.length - before).toBeGreaterThan(8);
  });

  it('starves nobody: every 4th post goes to the one that waits longest', async () => {
    slack = await DeliveryHarness.start();
    await slack.receive(named('Old'));
    await slack.pass(3_000);
    await slack.receive(...Array.from({ length: 40 }, (_, i) => named(`E${String(i)}`, 'critical')));
    // A quiet reply is of the lowest priority of all posts.
    await slack.receive({ ...named('Old'), fingerprint: 'x1' }, { ...named('Old'), fingerprint: 'x2' });
    await slack.receive({ ...over('Old', slack.clock.now()), fingerprint: 'x2' });
    await slack.pass(44_000);
    const old = slack.roots().find(({ text }) => text.includes('Old'));
    expect(slack.replies(old)).toHaveLength(1);
  });
});

describe('what is shown when Slack was behind', () => {
  let slack: DeliveryHarness;

  beforeEach(async () => {
    slack = await DeliveryHarness.start();
  });
  afterEach(() => slack.close());

  it('makes one card of what was over before Slack saw it', async () => {
    const away = slack.simulator.faults.add({ kind: 'refused' });
    await slack.receive(alertOf('aa01'), alertOf('aa02'));
    await slack.receive(ended('aa01', slack.clock.now()), ended('aa02', slack.clock.now()));
    await slack.pass(60_000);
    await away.remove();
    await slack.pass(60_000);
    expect(slack.roots().map(({ text }) => text)).toEqual([expect.stringContaining('✅')]);
    expect(slack.replies(slack.roots()[0])).toEqual([]);
    expect(slack.outcomes('chat.update')).toEqual([]);
  });

  it('lets the resolved card stand for the entries before it', async () => {
    await slack.receive(alertOf('aa01'));
    await slack.pass(1_000);
    const away = slack.simulator.faults.add({ kind: 'refused' });
    await slack.receive(alertOf('aa02'), alertOf('aa03'));
    await slack.receive(...['aa01', 'aa02', 'aa03'].map((name) => ended(name, slack.clock.now())));
    await slack.pass(5_000);
    await away.remove();
    await slack.pass(60_000);
    expect(slack.replies(slack.roots()[0]).map(({ text }) => text)).toEqual([expect.stringContaining('RESOLVED')]);
  });

  it('shows everything after Slack was down for 60 s during 50 alerts of which 20 ended', async () => {
    await slack.receive(named('Known'));
    await slack.pass(3_000);
    const away = slack.simulator.faults.add({ kind: 'refused' });
    const names = Array.from({ length: 50 }, (_, i) => `F${String(i)}`);
    await slack.receive(...names.map((name) => named(name)));
    await slack.pass(30_000);
    await slack.receive(...names.slice(0, 20).map((name) => over(name, slack.clock.now())));
    await slack.pass(30_000);
    await away.remove();
    await slack.pass(120_000);
    expect(slack.roots()).toHaveLength(51);
    const done = slack.roots().filter(({ text }) => text.includes('✅'));
    expect(done).toHaveLength(20);
    for (const root of slack.roots()) expect(slack.replies(root)).toEqual([]);
  });
});
