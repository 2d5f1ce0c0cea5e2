import { alertOf, ended } from '../../src/domain/domain.fixture.js';
import type { Fault } from '../../simulator/faults/fault.js';
import { CHANNEL, DeliveryHarness } from '../support/delivery-harness.js';

const KEY = 'DiskFull|warning|unknown|default|production';
const keyed = (n: number) =>
  alertOf(`ab${String(n)}`, {
    labels: { alertname: `Disk${String(n)}`, severity: 'warning', instance: `db${String(n)}` },
  });

/** The fate of a call is not known: the message may be there, may not be there, or may still come. */
describe('an answer that never came', () => {
  let slack: DeliveryHarness;

  beforeEach(async () => {
    slack = await DeliveryHarness.start();
  });
  afterEach(() => slack.close());

  it('adopts at 2 s what had been accepted', async () => {
    slack.simulator.faults.add({ method: 'chat.postMessage', kind: 'reset-after' });
    await slack.receive(alertOf('aa01'));
    expect((await slack.thread(KEY)).delivery.claim).toMatchObject({ looked: 0 });
    await slack.pass(1_900);
    expect(slack.outcomes('conversations.history')).toEqual([]);
    await slack.pass(300);
    expect((await slack.thread(KEY)).delivery.rootTs).toBe(slack.roots()[0]?.ts);
    await slack.pass(120_000);
    expect(slack.roots()).toHaveLength(1);
  });

  it('finds a reply in its thread', async () => {
    await slack.receive(alertOf('aa01'));
    slack.simulator.faults.add({ method: 'chat.postMessage', kind: 'reset-after' });
    await slack.receive(alertOf('aa02'));
    await slack.pass(120_000);
    expect(slack.replies(slack.roots()[0])).toHaveLength(1);
    expect(slack.outcomes('conversations.replies')).toEqual(['ok']);
  });

  const neverAccepted: Fault[] = [
    { method: 'chat.postMessage', kind: 'reset-before' },
    { method: 'chat.postMessage', kind: 'hang' },
    { method: 'chat.postMessage', kind: 'html' },
    { method: 'chat.postMessage', kind: 'stalled-body', accept: false },
  ];

  it.each(neverAccepted)('sends again at 10 s what had not been accepted ($kind)', async (fault) => {
    slack.simulator.faults.add(fault);
    await slack.receive(alertOf('aa01'));
    await slack.pass(9_500);
    expect(slack.roots()).toEqual([]);
    await slack.pass(3_000);
    expect(slack.roots()).toHaveLength(1);
    await slack.pass(70_000);
    expect(slack.roots()).toHaveLength(1);
  });

  it.each(['fatal_error', 'internal_error'])('treats %s in the same way', async (code) => {
    slack.simulator.faults.add({ method: 'chat.postMessage', kind: 'error', code });
    await slack.receive(alertOf('aa01'));
    await slack.pass(15_000);
    expect(slack.roots()).toHaveLength(1);
    expect(slack.outcomes('conversations.history')).toHaveLength(2);
  });

  it('deletes at +60 s what came twice, because the history lagged behind', async () => {
    const lag = slack.simulator.faults.add({ kind: 'history-lag', seconds: 30 });
    slack.simulator.faults.add({ method: 'chat.postMessage', kind: 'reset-after' });
    await slack.receive(alertOf('aa01'));
    await slack.pass(20_000);
    expect(slack.roots()).toHaveLength(2);
    const [first, second] = slack.roots();
    const metadata = slack.roots().map((message) => message.metadata?.event_payload['operation']);
    expect(metadata[0]).toBe(metadata[1]);
    expect((await slack.thread(KEY)).delivery.rootTs).toBe(second?.ts);
    await slack.pass(60_000);
    expect(slack.roots().map(({ ts }) => ts)).toEqual([second?.ts]);
    expect(slack.simulator.workspace.message(CHANNEL, first?.ts ?? '')?.deleted ?? true).toBe(true);
    await lag.remove();
  });

  it('deletes a reply that came twice', async () => {
    await slack.receive(alertOf('aa01'));
    slack.simulator.faults.add({ kind: 'history-lag', seconds: 30 });
    slack.simulator.faults.add({ method: 'chat.postMessage', kind: 'reset-after' });
    await slack.receive(alertOf('aa02'));
    await slack.pass(20_000);
    expect(slack.replies(slack.roots()[0])).toHaveLength(2);
    await slack.pass(60_000);
    expect(slack.replies(slack.roots()[0])).toHaveLength(1);
  });

  it('edits again after an edit whose answer was lost, and once more when that one can no longer come late', async () => {
    await slack.receive(alertOf('aa01'));
    await slack.pass(3_000);
    slack.simulator.faults.add({ method: 'chat.update', kind: 'reset-after' });
    await slack.receive(alertOf('aa02'));
    await slack.pass(5_000);
    expect(slack.roots()[0]?.edits).toBe(2);
    await slack.pass(60_000);
    expect(slack.roots()[0]?.edits).toBe(3);
    await slack.pass(120_000);
    expect(slack.roots()[0]?.edits).toBe(3);
    expect(slack.outcomes('conversations.history')).toEqual([]);
  });

  it('does not let an edit stay that comes late, over a newer one', async () => {
    await slack.receive(alertOf('aa01'));
    await slack.pass(3_000);
    // The simulator's wait is on the real clock: it ends while the next edit has long been made.
    slack.simulator.faults.add({ method: 'chat.update', kind: 'late-accept', delayMs: 2_000, answer: 'reset' });
    await slack.receive(alertOf('aa02'));
    await slack.receive(ended('aa01', slack.clock.now()), ended('aa02', slack.clock.now()));
    await slack.pass(5_000);
    expect(slack.roots()[0]?.text).toContain('✅');
    await slack.simulator.waitFor(() => slack.roots()[0]?.text.includes('⚠️'), { what: 'the late edit' });
    await slack.pass(60_000);
    expect(slack.roots()[0]?.text).toContain('✅');
  });

  it('knows that nothing was sent where no connection was made', async () => {
    const away = slack.simulator.faults.add({ kind: 'refused' });
    await slack.receive(alertOf('aa01'));
    await slack.pass(5_000);
    expect((await slack.thread(KEY)).delivery).toMatchObject({ claim: null, lastError: { kind: 'transient' } });
    await away.remove();
    await slack.pass(40_000);
    expect(slack.roots()).toHaveLength(1);
    expect(slack.outcomes('conversations.history')).toEqual([]);
  });

  it('reads a channel once for all claims that wait, through every page, and takes its own messages only', async () => {
    const { workspace, faults } = slack.simulator;
    await slack.receive(keyed(0)); // The bot has joined.
    await slack.pass(1_000); // There is room for two at once.
    faults.add({ method: 'chat.postMessage', kind: 'reset-after', times: 2 });
    await slack.receive(keyed(1), keyed(2));
    const { incident } = await slack.thread('Disk1|warning|unknown|default|production');
    await slack.pass(1_000);
    // A person, or another app, that writes our metadata is not believed; 450 messages push ours to the third page.
    workspace.post({
      channel: CHANNEL,
      user: 'U0STRANGER',
      text: 'not ours',
      blocks: [],
      attachments: [],
      metadata: {
        event_type: 'alert_threader',
        event_payload: { incident_id: incident.id, operation: `${incident.id}:root:0` },
      },
    });
    for (let i = 0; i < 450; i++) {
      workspace.post({ channel: CHANNEL, user: 'U0ANNA', text: `chatter ${String(i)}`, blocks: [], attachments: [] });
    }
    await slack.pass(12_000);
    for (const n of [1, 2]) {
      const { delivery } = await slack.thread(`Disk${String(n)}|warning|unknown|default|production`);
      const root = workspace.message(CHANNEL, delivery.rootTs ?? '');
      expect(root?.text).toContain(`db${String(n)}`);
    }
    expect(slack.outcomes('conversations.history')).toEqual(['ok', 'ok', 'ok']);
  });

  it('posts again and says "possible duplicate" where the channel could not be read for 5 minutes', async () => {
    await slack.receive(keyed(0));
    slack.simulator.faults.add({ method: 'chat.postMessage', kind: 'reset-after' });
    slack.simulator.faults.add({ kind: 'not-member', channel: CHANNEL });
    await slack.receive(alertOf('aa01'));
    await slack.pass(290_000);
    expect((await slack.thread(KEY)).delivery.rootTs).toBeNull();
    await slack.pass(60_000);
    const { delivery } = await slack.thread(KEY);
    const root = slack.simulator.workspace.message(CHANNEL, delivery.rootTs ?? '');
    expect(JSON.stringify(root?.blocks) + JSON.stringify(root?.attachments)).toContain('Possible duplicate');
  });

  it('loses nothing when every other answer is lost', async () => {
    slack.simulator.faults.add({
      method: 'chat.postMessage',
      kind: 'reset-after',
      times: Infinity,
      match: () => slack.simulator.calls.length % 2 === 0,
    });
    const alerts = Array.from({ length: 10 }, (_, n) => keyed(n));
    await slack.receive(...alerts);
    await slack.pass(60_000);
    await slack.receive(
      ...alerts.map((alert) => ended(alert.fingerprint, slack.clock.now(), { labels: alert.labels })),
    );
    await slack.pass(180_000);
    expect(slack.roots()).toHaveLength(10);
    for (const root of slack.roots()) {
      expect(slack.replies(root).map(({ text }) => text)).toEqual([expect.stringContaining('RESOLVED')]);
    }
  });
});
