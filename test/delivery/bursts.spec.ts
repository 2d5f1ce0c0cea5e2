import { alertOf, ended, T0 } from '../../src/domain/domain.fixture.js';
import { DeliveryHarness } from '../support/delivery-harness.js';

/** A rack goes down and comes back: many alerts of one thread in one webhook. */
describe('a burst', () => {
  const nodes = Array.from({ length: 100 }, (_, i) => `node-${String(i).padStart(3, '0')}.dc1.example.com:9100`);
  let slack: DeliveryHarness;

  beforeEach(async () => {
    slack = await DeliveryHarness.start();
  });
  afterEach(() => slack.close());

  it('is one line that Slack takes as it is, when alerts join and when they resolve', async () => {
    await slack.receive(alertOf('first'));
    await slack.settle();
    await slack.receive(...nodes.map((name) => alertOf(name)));
    await slack.pass(10_000);
    await slack.receive(...nodes.slice(0, 60).map((name) => ended(name, T0 + 60_000)));
    await slack.pass(10_000);
    const [root] = slack.roots();
    expect(slack.replies(root).map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^⚠️ 100 more alerts joined: node-000\S+, node-001\S+, node-002\S+ \+97 more — Disk is full$/,
      ),
      expect.stringMatching(
        /^✅ 60 alerts resolved: node-000\S+, node-001\S+, node-002\S+ \+57 more, 41 still firing — Disk is full$/,
      ),
    ]);
    for (const reply of slack.replies(root)) expect(reply.blocks).not.toEqual([]);
    expect(new Set([...slack.outcomes('chat.postMessage'), ...slack.outcomes('chat.update')])).toEqual(new Set(['ok']));
  });
});
