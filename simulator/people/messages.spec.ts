import {
  ALERT_MESSAGE,
  ALERTS,
  ALICE,
  BOB,
  clientOf,
  connectSocket,
  PAYMENTS,
  postAlert,
  type Received,
} from '../spec-support.js';
import { startSimulator, type Simulator } from '../simulator.js';

let simulator: Simulator;
let received: Received[];
const alice = () => simulator.person(ALICE);
const client = () => clientOf(simulator);

beforeEach(async () => {
  simulator = await startSimulator({ pace: 'off' });
  received = [];
  await connectSocket(simulator, (envelope) => {
    received.push(envelope);
    return envelope.ack({ text: 'done' });
  });
});
afterEach(() => simulator.close());

describe('a click', () => {
  it('arrives as Slack sends it, and tells how it ended', async () => {
    const message = await postAlert(simulator);
    const outcome = await alice().clicks(message, 'incident_ack');
    expect(outcome).toMatchObject({ acknowledged: true, payload: { text: 'done' }, envelopeId: expect.any(String) });
    expect(outcome.afterMs).toBeLessThan(3000);
    expect(received).toMatchObject([{ envelope_id: outcome.envelopeId, accepts_response_payload: false }]);
    expect(received[0]?.body).toEqual({
      type: 'block_actions',
      user: { id: ALICE, username: 'alice', name: 'alice', team_id: 'T0SIMULATE' },
      api_app_id: 'A0THREADER',
      token: expect.any(String),
      container: {
        type: 'message_attachment',
        message_ts: message.ts,
        attachment_id: 1,
        is_app_unfurl: false,
        channel_id: ALERTS,
        is_ephemeral: false,
      },
      trigger_id: expect.stringMatching(/^\d+\.\d+\.[0-9a-f]{32}$/),
      team: { id: 'T0SIMULATE', domain: 'simulator' },
      enterprise: null,
      is_enterprise_install: false,
      channel: { id: ALERTS, name: 'alerts' },
      message: expect.objectContaining({
        ts: message.ts,
        bot_id: 'B0THREADER',
        metadata: ALERT_MESSAGE.metadata,
        attachments: message.attachments,
      }),
      state: { values: { commands: { incident_silence: { type: 'static_select', selected_option: null } } } },
      response_url: expect.stringContaining(`${simulator.url}actions/T0SIMULATE/`),
      actions: [
        {
          type: 'button',
          action_id: 'incident_ack',
          block_id: 'commands',
          text: { type: 'plain_text', text: 'Ack' },
          value: '{"incident_id":"INC-1"}',
          style: 'primary',
          action_ts: expect.stringMatching(/^\d{10}\.\d{6}$/),
        },
      ],
    });
  });

  it('on a block of the message itself, and in a thread', async () => {
    const root = await postAlert(simulator);
    const { ts = '' } = await client().chat.postMessage({
      channel: ALERTS,
      text: 'reply',
      thread_ts: root.ts,
      blocks: ALERT_MESSAGE.attachments[0]?.blocks ?? [],
    });
    await alice().clicks({ channel: ALERTS, ts }, 'incident_ack');
    expect(received[0]?.body.container).toEqual({
      type: 'message',
      message_ts: ts,
      channel_id: ALERTS,
      is_ephemeral: false,
      thread_ts: root.ts,
    });
    expect(received[0]?.body.message).toMatchObject({ ts, thread_ts: root.ts, parent_user_id: 'U0THREADER' });
    await alice().clicks(root, 'incident_ack');
    expect(received[1]?.body.message).toMatchObject({ thread_ts: root.ts, reply_count: 1 });
  });

  it('is only possible on what is there', async () => {
    const message = await postAlert(simulator);
    await expect(alice().clicks(message, 'incident_resolve')).rejects.toThrow(
      'there is no incident_resolve to click; there is incident_ack, incident_silence',
    );
    await expect(alice().clicks(message, 'incident_silence')).rejects.toThrow('choose from it');
    await client().chat.update({ channel: ALERTS, ts: message.ts, text: 'over', attachments: [] });
    await expect(alice().clicks(message, 'incident_ack')).rejects.toThrow('nothing that could be clicked');
    await client().chat.delete({ channel: ALERTS, ts: message.ts });
    await expect(alice().clicks(message, 'incident_ack')).rejects.toThrow(`there is no message ${message.ts}`);
    expect(received).toEqual([]);
  });

  it('says who did it: guests and strangers too', async () => {
    const message = await postAlert(simulator);
    await simulator.person('stella').clicks(message, 'incident_ack');
    expect(received[0]?.body).toMatchObject({ user: { team_id: 'T0ELSEWHER' }, team: { id: 'T0SIMULATE' } });
    const infos = await Promise.all(
      ['alice', 'gina', 'sam', 'stella'].map(async (name) => {
        const { user = {} } = await client().users.info({ user: simulator.person(name).id });
        return [user.is_restricted, user.is_ultra_restricted, (user as { is_stranger?: boolean }).is_stranger];
      }),
    );
    expect(infos).toEqual([
      [false, false, undefined],
      [true, false, undefined],
      [true, true, undefined],
      [false, false, true],
    ]);
    expect(simulator.people.map(({ user }) => user.isBot)).not.toContain(true);
    expect(() => simulator.person('nobody')).toThrow('no person nobody');
  });
});

it('chooses an option, by its value or by what it says', async () => {
  const message = await postAlert(simulator);
  await alice().chooses(message, 'incident_silence', '2h');
  expect(received[0]?.body).toMatchObject({
    actions: [{ type: 'static_select', action_id: 'incident_silence', selected_option: { value: '2h' } }],
    state: { values: { commands: { incident_silence: { selected_option: { value: '2h' } } } } },
  });
  await alice().chooses(message, 'incident_silence', ({ value }) => value === '30m');
  expect(received[1]?.body.actions[0].selected_option).toEqual({
    text: { type: 'plain_text', text: '30 min' },
    value: '30m',
  });
  await expect(alice().chooses(message, 'incident_silence', '1y')).rejects.toThrow(
    'there is no option 1y; there are 30m, 2h',
  );
});

describe('a reaction', () => {
  it('is an event, where the app is in the channel', async () => {
    const message = await postAlert(simulator);
    expect(await alice().reacts(message, 'eyes')).toBeUndefined();
    await client().conversations.join({ channel: ALERTS });
    await simulator.person(BOB).reacts(message, ':eyes:');
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({ retry_num: 0, retry_reason: '' });
    expect(received[0]?.body).toMatchObject({
      token: expect.any(String),
      team_id: 'T0SIMULATE',
      api_app_id: 'A0THREADER',
      type: 'event_callback',
      event_id: expect.stringMatching(/^Ev/),
      event_time: expect.any(Number),
      authorizations: [{ team_id: 'T0SIMULATE', user_id: 'U0THREADER', is_bot: true }],
      is_ext_shared_channel: false,
      event: {
        type: 'reaction_added',
        user: BOB,
        reaction: 'eyes',
        item: { type: 'message', channel: ALERTS, ts: message.ts },
        item_user: 'U0THREADER',
        event_ts: expect.any(String),
      },
    });
    await alice().unreacts(message, 'eyes');
    expect(received[1]?.body.event).toMatchObject({ type: 'reaction_removed', user: ALICE });
    await expect(alice().unreacts(message, 'eyes')).rejects.toThrow('no eyes to take back');
    const { message: shown } = await client().reactions.get({ channel: ALERTS, timestamp: message.ts, full: true });
    expect(shown?.reactions).toEqual([{ name: 'eyes', users: [BOB], count: 1 }]);
  });

  it('of the app itself is one too', async () => {
    const { ts } = await postAlert(simulator);
    await client().conversations.join({ channel: ALERTS });
    await client().reactions.add({ channel: ALERTS, timestamp: ts, name: 'eyes' });
    await simulator.waitFor(() => received.length === 1);
    expect(received[0]?.body.event).toMatchObject({ type: 'reaction_added', user: 'U0THREADER' });
  });

  it('names all its people only with full', async () => {
    const message = await postAlert(simulator);
    await client().conversations.join({ channel: ALERTS });
    for (let n = 0; n < 60; n += 1) simulator.workspace.react(message, 'eyes', `U${n}`);
    const get = async (full: boolean) => {
      const answer = await client().reactions.get({ channel: ALERTS, timestamp: message.ts, full });
      const [reaction] = answer.message?.reactions ?? [];
      return [reaction?.count, reaction?.users?.length];
    };
    expect(await get(true)).toEqual([60, 60]);
    expect(await get(false)).toEqual([60, 50]);
  });
});

it('shows ephemeral messages to the right person alone, and lets them click there', async () => {
  await client().conversations.join({ channel: ALERTS });
  const { text, attachments } = ALERT_MESSAGE;
  await client().chat.postEphemeral({ channel: ALERTS, user: ALICE, text, attachments });
  const [message] = alice().ephemeralsIn(ALERTS);
  if (!message) throw new Error('she sees nothing');
  expect(simulator.person(BOB).ephemerals).toEqual([]);
  expect(alice().ephemeralsIn(PAYMENTS)).toEqual([]);
  await alice().clicks(message, 'incident_ack');
  expect(received[0]?.body.container).toMatchObject({ is_ephemeral: true, message_ts: message.ts });
  expect(received[0]?.body).not.toHaveProperty('message');
  await expect(simulator.person(BOB).clicks(message, 'incident_ack')).rejects.toThrow('no message');
});

it('knows who is in a user group', async () => {
  const members = async (usergroup: string) => (await client().usergroups.users.list({ usergroup })).users;
  expect(await members('S0ONCALL01')).toEqual([ALICE]);
  simulator.workspace.userGroups.get('S0ONCALL01')?.members.push(BOB);
  expect(await members('S0ONCALL01')).toEqual([ALICE, BOB]);
  await expect(members('S0NOBODY01')).rejects.toMatchObject({ data: { error: 'no_such_subteam' } });
});

it('tells listeners whom a change concerns', async () => {
  const changes: unknown[] = [];
  simulator.workspace.onChange(({ kind, user }) => changes.push([kind, user]));
  await client().conversations.join({ channel: ALERTS });
  await client().chat.postEphemeral({ channel: ALERTS, user: ALICE, text: 'psst' });
  const message = await postAlert(simulator);
  await alice().reacts(message, 'eyes');
  expect(changes).toEqual([
    ['channel', undefined],
    ['ephemeral', ALICE],
    ['posted', undefined],
    ['reacted', undefined],
  ]);
});
