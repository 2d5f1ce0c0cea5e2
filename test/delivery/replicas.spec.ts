import { alertOf, severe } from '../../src/domain/domain.fixture.js';
import { DeliveryHarness } from '../support/delivery-harness.js';

const named = (name: string, severity = 'warning') =>
  severe(`f${name}`, severity, { labels: { alertname: name, severity, instance: `${name}.example.com` } });
const keyOf = (name: string) => `${name}|warning|unknown|default|production`;

describe('three replicas on one store', () => {
  let slack: DeliveryHarness;

  afterEach(() => slack.close());

  const calls = (method: string): number[] =>
    slack.simulator.calls.filter((call) => call.method === method).map(({ at }) => at);

  it.each([
    { who: 'one of them hears of', to: 0, deaf: false, rate: 1, burst: 3 },
    { who: 'all of them hear of at once', to: 'all', deaf: false, rate: 1, burst: 3 },
    { who: 'all of them hear of, and nothing of each other', to: 'all', deaf: true, rate: 1, burst: 3 },
    { who: 'all of them hear of at once, with room for all', to: 'all', deaf: true, rate: 100, burst: 100 },
  ] as const)('post 30 new threads that $who: 30 roots, at the pace of one', async ({ to, deaf, rate, burst }) => {
    const pace = { SLACK_POSTS_PER_SECOND: String(rate), SLACK_POST_BURST: String(burst) };
    slack = await DeliveryHarness.replicas(3, pace, rate === 1 ? 'slack' : 'off');
    slack.bus.deaf = deaf;
    const started = slack.clock.now();
    await slack.receiveAt(to, ...Array.from({ length: 30 }, (_, i) => named(`A${String(i)}`)));
    await slack.pass(40_000);
    expect(new Set(slack.roots().map(({ text }) => text)).size).toBe(30);
    expect(slack.roots()).toHaveLength(30);
    expect(slack.outcomes('chat.postMessage')).toEqual(Array(30).fill('ok'));
    calls('chat.postMessage').forEach((at, i) => {
      expect(i + 1).toBeLessThanOrEqual(burst + (rate * (at - started)) / 1_000 + 0.2);
    });
    // A token that went back: a replica's turn came, and another one had been faster.
    expect(slack.pace?.refunds).toBeLessThanOrEqual(3 * 30);
    for (const { delivery } of slack.replicas) {
      if (!deaf) expect(delivery.status().ready).toBe(0);
    }
  });

  it('edit and reply once, whoever hears of it', async () => {
    slack = await DeliveryHarness.replicas(3);
    await slack.receiveAt(0, named('One'));
    await slack.pass(3_000);
    await slack.receiveAt('all', { ...named('One'), fingerprint: 'second' });
    await slack.pass(10_000);
    expect(slack.replies(slack.roots()[0])).toHaveLength(1);
    expect(slack.roots()[0]?.edits).toBe(1);
  });

  it('show a click on one of them at once, before the backlog of all', async () => {
    slack = await DeliveryHarness.replicas(3);
    await slack.receiveAt(0, named('Mine'));
    await slack.pass(3_000);
    await slack.receiveAt(
      1,
      ...Array.from({ length: 60 }, (_, i) =>
        severe(`c${String(i)}`, 'critical', { labels: { alertname: `C${String(i)}`, severity: 'critical' } }),
      ),
    );
    await slack.pass(5_000);
    const clicked = slack.clock.now();
    await slack.act('acknowledge', keyOf('Mine')); // on the last one
    await slack.pass(2_500);
    const root = slack.roots().find(({ text }) => text.includes('Mine'));
    expect(slack.replies(root).map(({ text }) => text)).toEqual([expect.stringContaining('Acknowledged')]);
    expect(Math.min(...calls('chat.update').filter((at) => at >= clicked)) - clicked).toBeLessThanOrEqual(200);
  });

  it('do not count what others did, though no word of it came', async () => {
    slack = await DeliveryHarness.replicas(2);
    await slack.receiveAt(0, ...Array.from({ length: 20 }, (_, i) => named(`A${String(i)}`)));
    await slack.pass(1_000);
    const [one, two] = slack.replicas;
    expect(two?.delivery.status().ready).toBeGreaterThan(10);
    slack.bus.deaf = true;
    await slack.pass(30_000);
    expect(slack.roots()).toHaveLength(20);
    await slack.pass(60_000);
    for (const replica of [one, two]) expect(replica?.delivery.status().ready).toBe(0);
    expect(slack.outcomes('chat.postMessage')).toHaveLength(20);
  });

  it('tell who waits for a thread, whoever started it', async () => {
    slack = await DeliveryHarness.replicas(2);
    const release = slack.hold('post', 'after');
    await slack.receiveAt(0, alertOf('aa01'));
    const shown = slack.replicas[1]?.delivery.threadShown(
      'DiskFull|warning|unknown|default|production',
      slack.config.slackChannel,
      10_000,
    );
    await slack.settle();
    release();
    await slack.settle();
    expect(await shown).toBe(slack.roots()[0]?.ts);
  });
});
