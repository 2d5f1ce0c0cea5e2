import { alertOf, ended } from '../../src/domain/domain.fixture.js';
import { GIVE_UP_AFTER_MS, MOVE_AFTER_MS } from '../../src/delivery/outages.js';
import { CHANNEL, DeliveryHarness, OTHER_CHANNEL } from '../support/delivery-harness.js';

const KEY = 'DiskFull|warning|unknown|default|production';
const MINUTE = 60_000;

/** Slack's answers by what is to be done about them (docs/architecture.md): each ends as its row says, and loses nothing. */
describe('answers of Slack', () => {
  let slack: DeliveryHarness;

  beforeEach(async () => {
    slack = await DeliveryHarness.start();
  });
  afterEach(() => slack.close());

  const fail = (method: string, code: string, times = 1) =>
    slack.simulator.faults.add({ method, kind: 'error', code, times });

  describe('wait Retry-After, hold that channel and method only', () => {
    it.each(['ratelimited', 'rate_limited'])('%s', async (code) => {
      fail('chat.postMessage', code);
      await slack.receive(alertOf('aa01'));
      await slack.pass(MINUTE);
      expect(slack.roots()).toHaveLength(1);
      expect(slack.outcomes('chat.postMessage')).toEqual([code, 'ok']);
      expect(slack.outcomes('conversations.history')).toEqual([]);
    });
  });

  describe('try again with back-off', () => {
    it.each(['service_unavailable', 'request_timeout', 'team_added_to_org', 'update_failed'])('%s', async (code) => {
      fail('chat.postMessage', code, 4);
      await slack.receive(alertOf('aa01'));
      await slack.pass(MINUTE);
      expect(slack.roots()).toHaveLength(1);
      const tries = slack.simulator.calls.filter(({ method }) => method === 'chat.postMessage').map(({ at }) => at);
      const waits = tries.slice(1).map((at, i) => at - (tries[i] ?? 0));
      expect(waits).toHaveLength(4);
      waits.slice(1).forEach((wait, i) => {
        expect(wait).toBeGreaterThan(waits[i] ?? 0);
      });
      expect(slack.outcomes('conversations.history')).toEqual([]);
    });

    it.each([500, 502, 503, 504])('HTTP %i', async (status) => {
      slack.simulator.faults.add({ method: 'chat.postMessage', kind: 'http', status, times: 3 });
      await slack.receive(alertOf('aa01'));
      await slack.pass(MINUTE);
      expect(slack.roots()).toHaveLength(1);
    });

    it.each([500, 502, 504])('HTTP %i for a message that was accepted all the same: no second one', async (status) => {
      slack.simulator.faults.add({ method: 'chat.postMessage', kind: 'http', status, accept: true });
      await slack.receive(alertOf('aa01'));
      await slack.pass(2 * MINUTE);
      expect(slack.roots()).toHaveLength(1);
      expect(slack.outcomes('chat.delete')).toEqual([]);
    });

    it('a failing chat.update catches up', async () => {
      await slack.receive(alertOf('aa01'));
      fail('chat.update', 'update_failed', 2);
      await slack.receive(alertOf('aa02'));
      await slack.pass(MINUTE);
      expect(JSON.stringify(slack.roots()[0])).toContain('2 firing');
    });

    it('does not let one thread that always fails hold up the others', async () => {
      slack.simulator.faults.add({
        method: 'chat.postMessage',
        kind: 'http',
        status: 500,
        times: Infinity,
        match: ({ args }) => JSON.stringify(args).includes('Poison'),
      });
      await slack.receive(alertOf('aa00', { labels: { alertname: 'Poison', severity: 'critical' }, annotations: {} }));
      for (let i = 1; i <= 10; i++) {
        await slack.receive(alertOf(`aa${String(i)}`, { labels: { alertname: `N${String(i)}` }, annotations: {} }));
        await slack.pass(1_000);
      }
      await slack.pass(15_000);
      expect(slack.roots()).toHaveLength(10);
    });
  });

  describe('payload refused: plain text instead, at once', () => {
    it.each([
      'invalid_blocks',
      'invalid_blocks_format',
      'msg_blocks_too_long',
      'msg_too_long',
      'invalid_attachments',
      'too_many_attachments',
      'attachment_payload_limit_exceeded',
      'no_text',
      'metadata_too_large',
    ])('%s', async (code) => {
      fail('chat.postMessage', code);
      await slack.receive(alertOf('aa01'));
      await slack.pass(5_000);
      const [root] = slack.roots();
      expect(root?.text).toContain('Disk is full');
      expect([root?.blocks, root?.attachments]).toEqual([[], []]);
      // The reply is a full one again; the root's edits stay plain.
      await slack.receive(ended('aa01', slack.clock.now()));
      await slack.pass(5_000);
      expect(slack.replies(root)[0]?.blocks).not.toEqual([]);
      expect(slack.roots()[0]?.text).toContain('✅');
      expect(slack.roots()[0]?.blocks).toEqual([]);
    });

    it('the log says which block it was', async () => {
      const hints = ['must be less than 2001 characters [json-pointer:/attachments/0/blocks/1/fields/0/text]'];
      slack.simulator.faults.add({ method: 'chat.postMessage', kind: 'error', code: 'invalid_blocks', hints });
      await slack.receive(alertOf('aa01'));
      await slack.pass(5_000);
      expect(slack.logger.lines.filter(({ message }) => message === 'Slack call failed')).toEqual([
        expect.objectContaining({ fields: expect.objectContaining({ code: 'invalid_blocks', says: hints }) as object }),
      ]);
    });

    it('a refused reply goes out as plain text, the next one as usual', async () => {
      await slack.receive(alertOf('aa01'));
      fail('chat.postMessage', 'invalid_blocks');
      await slack.receive(alertOf('aa02'));
      await slack.pass(5_000);
      await slack.receive(alertOf('aa03'));
      await slack.pass(5_000);
      const blocks = slack.replies(slack.roots()[0]).map((reply) => reply.blocks.length > 0);
      expect(blocks).toEqual([false, true]);
    });

    it('a refused edit is made as plain text', async () => {
      await slack.receive(alertOf('aa01'));
      fail('chat.update', 'msg_too_long');
      await slack.receive(alertOf('aa02'));
      await slack.pass(10_000);
      expect(slack.roots()[0]).toMatchObject({ edits: 1, blocks: [], attachments: [] });
    });

    it('keeps trying, slowly, where even plain text is refused', async () => {
      fail('chat.postMessage', 'invalid_blocks', 4);
      await slack.receive(alertOf('aa01'));
      await slack.pass(20_000);
      expect(slack.outcomes('chat.postMessage')).toHaveLength(2);
      await slack.pass(20 * MINUTE);
      expect(slack.roots()).toHaveLength(1);
    });
  });

  describe('the channel is unusable: the work stays, the operator is told, tried again slowly', () => {
    const codes = [
      'channel_not_found',
      'not_in_channel',
      'is_archived',
      'restricted_action',
      'restricted_action_read_only_channel',
      'ekm_access_denied',
    ];

    it.each(codes)('%s', async (code) => {
      fail('chat.postMessage', code, 3);
      await slack.receive(alertOf('aa01'));
      await slack.pass(10_000);
      const { outages } = slack.process.delivery.status();
      expect(outages).toEqual([expect.objectContaining({ kind: 'channel', channel: CHANNEL, code })]);
      expect(slack.outcomes('chat.postMessage')).toHaveLength(1);
      await slack.pass(MINUTE);
      expect(slack.roots()).toHaveLength(1);
      expect(slack.process.delivery.status().outages).toEqual([]);
    });

    it('does not touch other channels', async () => {
      slack.simulator.faults.add({
        method: 'chat.postMessage',
        channel: CHANNEL,
        kind: 'error',
        code: 'is_archived',
        times: Infinity,
      });
      await slack.receive(alertOf('aa01'));
      await slack.receiveIn(OTHER_CHANNEL, alertOf('aa01'));
      await slack.pass(3_000);
      expect(slack.roots(OTHER_CHANNEL)).toHaveLength(1);
    });

    it('sends new threads to SLACK_CHANNEL after 60 s, says why, and goes back once the channel works', async () => {
      const archived = slack.simulator.faults.add({
        method: 'chat.postMessage',
        channel: OTHER_CHANNEL,
        kind: 'error',
        code: 'is_archived',
        times: Infinity,
      });
      await slack.receiveIn(OTHER_CHANNEL, alertOf('aa01'));
      await slack.pass(MOVE_AFTER_MS - 5_000);
      expect(slack.roots()).toEqual([]);
      await slack.pass(25_000);
      expect(slack.roots()).toHaveLength(1);
      expect(JSON.stringify(slack.roots()[0])).toMatch(/C0PAYMENTS.*is_archived/);
      await slack.receiveIn(OTHER_CHANNEL, ended('aa01', slack.clock.now()));
      await slack.pass(5_000);
      expect(slack.replies(slack.roots()[0])).toHaveLength(1);
      await archived.remove();
      await slack.pass(MINUTE);
      const again = { labels: { alertname: 'Other', severity: 'warning' } };
      await slack.receiveIn(OTHER_CHANNEL, alertOf('aa02', again));
      await slack.pass(30_000);
      expect(slack.roots(OTHER_CHANNEL)).toHaveLength(1);
    });
  });

  describe('the channel is unusable for an hour: its open threads go on in SLACK_CHANNEL', () => {
    const TOLD = { labels: { alertname: 'DiskFull', severity: 'warning', slack_channel: OTHER_CHANNEL } };
    const refuse = (method: string, code = 'is_archived') =>
      slack.simulator.faults.add({ method, channel: OTHER_CHANNEL, kind: 'error', code, times: Infinity });
    const archive = () => [refuse('chat.postMessage'), refuse('chat.update')];
    /** Time of which only the last two minutes are lived through. */
    const later = async (ms: number): Promise<void> => {
      slack.clock.jump(ms - 2 * MINUTE);
      await slack.pass(2 * MINUTE);
    };
    const countCalls = () => slack.simulator.calls.length;
    const backlog = async () => (await slack.process.store.overview()).backlog;
    const moves = () => slack.logger.lines.filter(({ message }) => message.includes('goes on in SLACK_CHANNEL'));

    beforeEach(async () => {
      await slack.receiveIn(OTHER_CHANNEL, alertOf('aa01', TOLD));
      await slack.pass(5_000);
      expect(slack.roots(OTHER_CHANNEL)).toHaveLength(1);
    });

    it('tells there what was still to be told, once, and says why', async () => {
      archive();
      await slack.receiveIn(OTHER_CHANNEL, ended('aa01', slack.clock.now(), TOLD));
      await slack.pass(MINUTE);
      await later(GIVE_UP_AFTER_MS - 2 * MINUTE);
      expect(slack.roots()).toEqual([]);
      await slack.pass(2 * MINUTE);
      const [root] = slack.roots();
      expect(JSON.stringify(root)).toMatch(/✅.*C0PAYMENTS.*is_archived/);
      expect(await backlog()).toEqual([]);
      expect(moves()).toEqual([
        expect.objectContaining({
          level: 'warn',
          fields: expect.objectContaining({ channel: OTHER_CHANNEL, to: CHANNEL, code: 'is_archived' }) as object,
        }),
      ]);
      const calls = countCalls();
      await later(3 * 60 * MINUTE);
      expect(slack.roots()).toEqual([root]);
      expect(countCalls()).toBe(calls);
      expect((await slack.record(KEY, OTHER_CHANNEL))?.current ?? null).toBeNull();
    });

    it('goes on there with what comes later', async () => {
      archive();
      await slack.receiveIn(OTHER_CHANNEL, alertOf('aa02', TOLD));
      await slack.pass(MINUTE);
      await later(GIVE_UP_AFTER_MS);
      await slack.receiveIn(
        OTHER_CHANNEL,
        ended('aa01', slack.clock.now(), TOLD),
        ended('aa02', slack.clock.now(), TOLD),
      );
      await slack.pass(MINUTE);
      expect(slack.roots()).toHaveLength(1);
      expect(slack.roots()[0]?.text).toContain('✅');
      expect(slack.replies(slack.roots()[0])).toHaveLength(1);
      expect(slack.roots(OTHER_CHANNEL)).toHaveLength(1);
    });

    it('stays where it is when the channel can be used again before', async () => {
      const faults = archive();
      await slack.receiveIn(OTHER_CHANNEL, ended('aa01', slack.clock.now(), TOLD));
      await slack.pass(MINUTE);
      await later(GIVE_UP_AFTER_MS - 2 * MINUTE);
      for (const fault of faults) await fault.remove();
      await slack.pass(10 * MINUTE);
      expect(slack.roots()).toEqual([]);
      expect(slack.replies(slack.roots(OTHER_CHANNEL)[0])).toHaveLength(1);
      expect(slack.roots(OTHER_CHANNEL)[0]?.text).toContain('✅');
    });

    it('stays where it is while SLACK_CHANNEL can not be used either', async () => {
      archive();
      const there = slack.simulator.faults.add({
        method: 'chat.postMessage',
        channel: CHANNEL,
        kind: 'error',
        code: 'channel_not_found',
        times: Infinity,
      });
      await slack.receive(alertOf('bb01', { labels: { alertname: 'Other' } }));
      await slack.receiveIn(OTHER_CHANNEL, ended('aa01', slack.clock.now(), TOLD));
      await slack.pass(MINUTE);
      await later(2 * GIVE_UP_AFTER_MS);
      expect(moves()).toEqual([]);
      await there.remove();
      await slack.pass(2 * MINUTE);
      expect(slack.roots()).toHaveLength(2);
      expect(await backlog()).toEqual([]);
    });

    it('starts there although a message may have reached the channel before', async () => {
      slack.simulator.faults.add({ method: 'chat.postMessage', kind: 'reset-before' });
      await slack.receiveIn(OTHER_CHANNEL, alertOf('aa02', TOLD));
      archive();
      refuse('conversations.replies', 'not_in_channel');
      await slack.pass(10 * MINUTE);
      await later(GIVE_UP_AFTER_MS);
      expect(slack.roots()).toHaveLength(1);
      expect(await backlog()).toEqual([]);
    });

    it('gives up a card that alone is behind', async () => {
      refuse('chat.update');
      await slack.receiveIn(OTHER_CHANNEL, ended('aa01', slack.clock.now(), TOLD));
      await slack.pass(MINUTE);
      expect(slack.replies(slack.roots(OTHER_CHANNEL)[0])).toHaveLength(1);
      expect(await backlog()).toHaveLength(1);
      await slack.pass(GIVE_UP_AFTER_MS);
      expect(await backlog()).toEqual([]);
      expect(slack.roots()).toEqual([]);
    });
  });

  describe('the root is frozen: it stays, replies go on', () => {
    it.each(['cant_update_message', 'edit_window_closed'])('%s', async (code) => {
      await slack.receive(alertOf('aa01'));
      await slack.pass(3_000);
      fail('chat.update', code, Infinity);
      await slack.receive(alertOf('aa02'));
      await slack.pass(5_000);
      await slack.receive(ended('aa01', slack.clock.now()), ended('aa02', slack.clock.now()));
      await slack.pass(10_000);
      expect(slack.outcomes('chat.update')).toEqual([code]);
      expect(slack.replies(slack.roots()[0])).toHaveLength(2);
      await slack.pass(40 * MINUTE);
      expect(await slack.record(KEY)).toBeUndefined();
    });
  });

  describe('the message is gone', () => {
    it.each(['message_not_found', 'thread_not_found', 'cannot_reply_to_message'])(
      '%s: an open incident starts its thread again with its next loud entry',
      async (code) => {
        await slack.receive(alertOf('aa01'), alertOf('aa02'));
        await slack.pass(3_000);
        fail('chat.update', code);
        fail('chat.postMessage', code);
        await slack.receive(ended('aa02', slack.clock.now())); // quiet
        await slack.pass(10_000);
        expect(slack.roots()).toHaveLength(1);
        await slack.receive(alertOf('aa03')); // loud
        await slack.pass(10_000);
        expect(slack.roots()).toHaveLength(2);
        const { incident, delivery } = await slack.thread(KEY);
        expect(delivery.rootTs).toBe(slack.roots()[1]?.ts);
        expect(slack.roots()[1]?.metadata?.event_payload['operation']).toBe(`${incident.id}:root:1`);
      },
    );

    it('a root that a person deleted: the edit finds it, the next loud entry starts it again', async () => {
      await slack.receive(alertOf('aa01'));
      await slack.pass(3_000);
      slack.simulator.workspace.deleteMessage(CHANNEL, slack.roots()[0]?.ts ?? '');
      await slack.receive(alertOf('aa02'));
      await slack.pass(20_000);
      expect(slack.roots()).toHaveLength(1);
      expect(JSON.stringify(slack.roots()[0])).toContain('2 firing');
      expect(slack.replies(slack.roots()[0])).toEqual([]);
    });

    it('a resolved one stays gone', async () => {
      await slack.receive(alertOf('aa01'));
      await slack.pass(3_000);
      slack.simulator.workspace.deleteMessage(CHANNEL, slack.roots()[0]?.ts ?? '');
      await slack.receive(ended('aa01', slack.clock.now()));
      await slack.pass(MINUTE);
      expect(slack.roots()).toEqual([]);
    });

    it('a reply that Slack un-threads (its parent is gone) is deleted, and the thread starts again', async () => {
      await slack.receive(alertOf('aa01'));
      await slack.pass(3_000);
      const gone = slack.roots()[0]?.ts ?? '';
      // The edit must not notice it first.
      slack.simulator.faults.add({ method: 'chat.update', kind: 'http', status: 503, times: 1 });
      slack.simulator.workspace.deleteMessage(CHANNEL, gone);
      await slack.receive(alertOf('aa02'));
      await slack.pass(20_000);
      expect(slack.outcomes('chat.delete')).toEqual(['ok']);
      expect(slack.roots()).toHaveLength(1);
      expect(slack.roots()[0]?.ts).not.toBe(gone);
    });
  });

  describe('this thread alone is locked, or the answer is not known: slowly, and nobody else waits', () => {
    it.each(['restricted_action_thread_locked', 'some_new_error_of_slack'])('%s', async (code) => {
      await slack.receive(alertOf('aa01'));
      await slack.pass(3_000);
      const match = ({ args }: { args: object }): boolean => 'thread_ts' in args;
      slack.simulator.faults.add({ method: 'chat.postMessage', kind: 'error', code, times: 2, match });
      await slack.receive(alertOf('aa02'));
      await slack.receive(alertOf('bb01', { labels: { alertname: 'Other' }, annotations: {} }));
      await slack.pass(5_000);
      expect(slack.roots().length).toBe(2);
      expect((await slack.thread(KEY)).delivery.lastError).toMatchObject({ kind: 'unknown', code });
      await slack.pass(5 * MINUTE);
      expect(slack.replies(slack.roots()[0])).toHaveLength(1);
      expect(slack.process.delivery.status().outages).toEqual([]);
    });

    it('goes out as plain text after 3 tries', async () => {
      fail('chat.postMessage', 'some_new_error_of_slack', 3);
      await slack.receive(alertOf('aa01'));
      await slack.pass(10 * MINUTE);
      expect(slack.outcomes('chat.postMessage')).toHaveLength(4);
      expect(slack.roots()[0]).toMatchObject({ blocks: [], attachments: [] });
      expect(slack.simulator.calls.at(-1)?.args).not.toHaveProperty('client_msg_id');
    });
  });

  describe('the app is unusable: the operator is told, nothing is dropped, tried again slowly', () => {
    it.each(['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired', 'missing_scope'])(
      '%s',
      async (code) => {
        fail('chat.postMessage', code, 2);
        await slack.receive(alertOf('aa01'));
        await slack.receiveIn(OTHER_CHANNEL, alertOf('aa01'));
        await slack.pass(5_000);
        expect(slack.process.delivery.status().outages).toEqual([expect.objectContaining({ kind: 'app', code })]);
        await slack.pass(MINUTE);
        expect(slack.roots()).toHaveLength(1);
        expect(slack.roots(OTHER_CHANNEL)).toHaveLength(1);
        expect(slack.process.delivery.status().outages).toEqual([]);
      },
    );
  });

  it('goes on posting where only reading lacks a scope, and says "possible duplicate" where it had to', async () => {
    await slack.receive(alertOf('bb00', { labels: { alertname: 'Other' }, annotations: {} }));
    fail('conversations.history', 'missing_scope', Infinity);
    slack.simulator.faults.add({ method: 'chat.postMessage', kind: 'reset-before' });
    await slack.receive(alertOf('aa01'));
    await slack.pass(5_000);
    await slack.receive(alertOf('bb01', { labels: { alertname: 'Third' }, annotations: {} }));
    await slack.pass(2_000);
    expect(slack.roots()).toHaveLength(2);
    expect(slack.process.delivery.status().outages).toEqual([]);
    await slack.pass(6 * MINUTE);
    expect(slack.roots()).toHaveLength(3);
    expect(JSON.stringify(slack.roots()[2])).toContain('Possible duplicate');
  });

  it('forgets threads on DELETE /cache: the next change of an open incident starts a new one', async () => {
    await slack.receive(alertOf('aa01'));
    await slack.pass(3_000);
    expect(await slack.process.store.clear()).toBe(1);
    await slack.pass(10_000);
    expect(slack.roots()).toHaveLength(1);
    await slack.receive(ended('aa01', slack.clock.now()));
    await slack.pass(10_000);
    expect(slack.roots()).toHaveLength(2);
    expect(slack.roots()[1]?.text).toContain('✅');
  });

  it('leaves an old thread in place that DELETE /cache forgot while its root was being edited', async () => {
    await slack.receive(alertOf('aa01'));
    await slack.pass(3_000);
    const release = slack.hold('update', 'after');
    await slack.receive(alertOf('aa02'));
    await slack.process.store.clear();
    release();
    await slack.pass(10_000);
    expect(slack.outcomes('chat.delete')).toEqual([]);
    expect(slack.roots()[0]).toMatchObject({ edits: 1 });
  });

  it('goes on in a thread of the earlier version by replies, and leaves its root alone', async () => {
    const root = slack.simulator.workspace.post({
      channel: CHANNEL,
      user: 'U0OLD',
      text: 'written by the earlier version',
      blocks: [],
      attachments: [],
    });
    await slack.process.store.update(KEY, CHANNEL, (record) => ({ ...record, adopt: root.ts }));
    await slack.receive(alertOf('aa01'));
    await slack.pass(3_000);
    await slack.receive(ended('aa01', slack.clock.now()));
    await slack.pass(10_000);
    expect(slack.replies(root).map(({ text }) => text)).toEqual([
      expect.stringContaining('Disk is full'),
      expect.stringContaining('RESOLVED'),
    ]);
    expect(slack.outcomes('chat.update')).toEqual([]);
  });
});
