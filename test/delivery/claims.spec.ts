import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { alertOf, ended } from '../../src/domain/domain.fixture.js';
import { CHANNEL, DeliveryHarness } from '../support/delivery-harness.js';
import { FakeDelivery } from '../support/fake-delivery.js';

const KEY = 'DiskFull|warning|unknown|default|production';

describe('claim, call, commit', () => {
  let slack: DeliveryHarness;

  beforeEach(async () => {
    slack = await DeliveryHarness.start();
  });
  afterEach(() => slack.close());

  it('writes the claim to disk before the call, with the operation id that the message will carry', async () => {
    const release = slack.hold('post', 'before');
    await slack.receive(alertOf('aa01'));
    const { incident, delivery } = await slack.thread(KEY);
    const onDisk = await readFile(join(slack.process.folder, 'threads.json'), 'utf8');
    expect(delivery.claim?.id).toBe(`${incident.id}:root:0`);
    expect(onDisk).toContain(`"id":"${incident.id}:root:0"`);
    expect(slack.roots()).toEqual([]);

    release();
    await slack.settle();
    expect(slack.roots()[0]?.metadata).toEqual({
      event_type: 'alert_threader',
      event_payload: {
        incident_id: incident.id,
        message: 'root',
        operation: `${incident.id}:root:0`,
        deployment: 'production',
      },
    });
  });

  it('works on one step of a record at a time: what happens meanwhile is one reply', async () => {
    const release = slack.hold('post', 'after');
    await slack.receive(alertOf('aa01'));
    await slack.receive(alertOf('aa02'));
    await slack.receive(alertOf('aa03'), alertOf('aa04'));
    expect(slack.outcomes('chat.postMessage')).toHaveLength(1);

    release();
    await slack.pass(10_000);
    expect(slack.roots()).toHaveLength(1);
    expect(slack.replies(slack.roots()[0]).map(({ text }) => text)).toEqual([
      expect.stringMatching(/aa02.*aa03.*aa04/s),
    ]);
  });

  it('commits although webhooks changed the record during the call', async () => {
    const release = slack.hold('post', 'after');
    await slack.receive(alertOf('aa01'));
    const before = (await slack.record(KEY))?.version ?? 0;
    await slack.receive(alertOf('aa02'));
    expect((await slack.record(KEY))?.version).toBeGreaterThan(before);
    release();
    await slack.settle();
    expect((await slack.thread(KEY)).delivery.rootTs).toBe(slack.roots()[0]?.ts);
  });

  it('finds after a crash what Slack had accepted, and adopts it', async () => {
    slack.hold('post', 'after');
    await slack.receive(alertOf('aa01'));
    await slack.crash();
    expect((await slack.thread(KEY)).delivery.rootTs).toBeNull();
    await slack.pass(2_500);
    expect((await slack.thread(KEY)).delivery).toMatchObject({ rootTs: slack.roots()[0]?.ts, claim: null });
    await slack.pass(120_000);
    expect(slack.roots()).toHaveLength(1);
    expect(slack.outcomes('chat.postMessage')).toEqual(['ok']);
  });

  it('sends after a crash what Slack never got, once it was looked for at 2 s and at 10 s', async () => {
    slack.hold('post', 'before');
    await slack.receive(alertOf('aa01'));
    await slack.crash();
    await slack.pass(9_000);
    expect(slack.outcomes('conversations.history')).toHaveLength(1);
    expect(slack.roots()).toEqual([]);
    await slack.pass(2_000);
    expect(slack.outcomes('conversations.history')).toHaveLength(2);
    expect(slack.roots()).toHaveLength(1);
    const { incident } = await slack.thread(KEY);
    expect(slack.roots()[0]?.metadata?.event_payload['operation']).toBe(`${incident.id}:root:0`);
  });

  it('repeats exactly the claimed range, whatever came since', async () => {
    await slack.receive(alertOf('aa01'));
    slack.hold('post', 'before');
    await slack.receive(alertOf('aa02'));
    await slack.crash();
    await slack.receive(alertOf('aa03'));
    await slack.pass(20_000);
    const texts = slack.replies(slack.roots()[0]).map(({ text }) => text);
    expect(texts).toEqual([expect.stringContaining('aa02'), expect.stringContaining('aa03')]);
    expect(texts[0]).not.toContain('aa03');
  });

  it('settles in the same way when it crashes again and again', async () => {
    await slack.receive(alertOf('aa01'));
    slack.hold('post', 'after');
    await slack.receive(alertOf('aa02'));
    for (let i = 0; i < 5; i++) {
      await slack.crash();
      await slack.pass(1_000);
    }
    await slack.receive(ended('aa01', slack.clock.now()), ended('aa02', slack.clock.now()));
    await slack.pass(90_000);
    const texts = slack.replies(slack.roots()[0]).map(({ text }) => text);
    expect(texts).toEqual([expect.stringContaining('aa02'), expect.stringContaining('RESOLVED')]);
    expect(slack.roots()).toHaveLength(1);
  });

  it('makes an edit again after a crash, since what the root shows is not known', async () => {
    await slack.receive(alertOf('aa01'));
    await slack.pass(3_000);
    slack.hold('update', 'before');
    await slack.receive(alertOf('aa02'));
    await slack.settle();
    await slack.crash();
    await slack.pass(5_000);
    expect(slack.roots()[0]?.edits).toBe(1);
    expect(JSON.stringify(slack.roots()[0])).toContain('2 firing');
  });

  it('joins a public channel before its first post there, once', async () => {
    await slack.receive(alertOf('aa01'));
    await slack.receive(alertOf('bb01', { labels: { alertname: 'Other' }, annotations: {} }));
    const methods = slack.simulator.calls.map(({ method }) => method);
    expect(methods).toEqual(['conversations.join', 'chat.postMessage', 'chat.postMessage']);
  });

  it('posts all the same where it may not join, and says once that it should be invited', async () => {
    slack.simulator.faults.add({ method: 'conversations.join', kind: 'error', code: 'missing_scope', times: Infinity });
    await slack.receive(alertOf('aa01'));
    await slack.receive(alertOf('bb01', { labels: { alertname: 'Other' }, annotations: {} }));
    expect(slack.roots()).toHaveLength(2);
    const warnings = slack.logger.lines.filter(({ level }) => level === 'warn');
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('could not join the channel')]);
  });

  it('finds by its sweep what nobody woke it for', async () => {
    const { store } = slack.process;
    const quiet = slack.incidentsWith(store, new FakeDelivery());
    await quiet.receive([{ alert: alertOf('aa01'), channel: CHANNEL, truncated: 0 }]);
    await slack.settle();
    expect(slack.roots()).toEqual([]);
    await slack.pass(3_500);
    expect(slack.roots()).toHaveLength(1);
  });

  it('is done with a record that changed in nothing that Slack shows', async () => {
    await slack.receive(alertOf('aa01'), alertOf('aa02'));
    await slack.pass(3_000);
    await slack.receive(alertOf('aa02', { annotations: { summary: 'Disk is full', value: '97 %' } }));
    await slack.pass(1_000);
    expect((await slack.record(KEY))?.due).toBeNull();
    expect((await slack.process.store.counts()).pending).toBe(0);
    expect(slack.outcomes('chat.update')).toEqual([]);
  });

  it('moves a finished incident to the history once it can no longer be opened again', async () => {
    await slack.receive(alertOf('aa01'));
    await slack.pass(1_000);
    await slack.receive(ended('aa01', slack.clock.now()));
    await slack.pass(10_000);
    const { incident } = await slack.thread(KEY);
    await slack.pass(20 * 60_000);
    expect((await slack.record(KEY))?.current?.incident.id).toBe(incident.id);
    await slack.pass(11 * 60_000);
    expect(await slack.record(KEY)).toBeUndefined();
    const archived = await slack.process.store.incident(incident.id);
    expect(archived?.incident.status).toBe('resolved');
  });
});
