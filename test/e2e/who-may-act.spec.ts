import { ApiServer } from '../silences/api-server.js';
import { PeopleWorld } from '../support/people-world.js';
import type { SlackThread } from '../support/slack-channel.js';

describe('who may act', () => {
  let world: PeopleWorld;
  let thread: SlackThread;
  const start = async (settings: Record<string, string> = {}): Promise<void> => {
    world = await PeopleWorld.start(settings);
    thread = await world.fires();
  };
  const person = (name: string) => world.simulator.person(name);
  const status = async (): Promise<string> => (await world.incident()).status as string;
  afterEach(async () => {
    await world.channel.expectNothingElse(world.service);
    await world.end();
  });

  it.each([
    ['a guest', 'gina', 'guests may not do this'],
    ['a guest of one channel', 'sam', 'guests may not do this'],
    ['somebody of another organisation', 'stella', 'people of other organisations may not do this'],
  ])('by default not %s: refused politely, whatever way they try', async (_who, name, told) => {
    await start();
    await thread.clicks(person(name), 'incident_ack');
    await thread.expectWhisper(person(name), told);
    await thread.reacts(person(name), 'white_check_mark');
    await world.channel.wait('a second refusal', () => person(name).ephemerals.length === 2);
    await thread.clicks(person(name), 'incident_resolve');
    await world.channel.wait('a third refusal', () => person(name).ephemerals.length === 3);
    expect(person(name).views).toHaveLength(0);
    expect(await status()).toBe('firing');
  });

  it('guests and others when ALLOW_EXTERNAL_USERS says so', async () => {
    await start({ ALLOW_EXTERNAL_USERS: 'true' });
    await thread.clicks(person('gina'), 'incident_ack');
    await thread.expectReply(`👀 Acknowledged by <@${person('gina').id}>`);
    await thread.clicks(person('stella'), 'incident_unack');
    await thread.expectReply(`Unacknowledged by <@${person('stella').id}>`);
  });

  it('only the people of ALLOWED_USERS and of the groups of ALLOWED_USERGROUPS, where those are set', async () => {
    await start({ ALLOWED_USERS: 'U0JIHYE001', ALLOWED_USERGROUPS: 'S0ONCALL01' });
    await thread.clicks(person('bob'), 'incident_ack');
    await thread.expectWhisper(person('bob'), 'only people of the on-call list may do this');
    expect(await status()).toBe('firing');
    await thread.clicks(person('jihye'), 'incident_ack');
    await thread.expectReply(`👀 Acknowledged by <@${person('jihye').id}>`);
    await thread.clicks(person('alice'), 'incident_unack');
    await thread.expectReply(`Unacknowledged by <@${person('alice').id}>`);
  });

  it('nobody whom Slack does not tell of, with a word to try again; a form is checked when it is sent', async () => {
    await start();
    const unknown = world.simulator.faults.add({ kind: 'http', status: 503, method: 'users.info', times: Infinity });
    await thread.clicks(world.alice, 'incident_ack');
    await thread.expectWhisper(world.alice, 'Slack did not say whether you may do this');
    expect(await status()).toBe('firing');
    await unknown.remove();

    const late = world.simulator.faults.add({ kind: 'slow', delayMs: 1_500, method: 'users.info', times: 1 });
    await thread.clicks(person('gina'), 'incident_resolve');
    expect(late.hits).toBe(1);
    const form = await thread.expectForm(person('gina'), 'Resolve incident');
    await person('gina').submits(form);
    expect(JSON.stringify(person('gina').views.at(-1)?.blocks)).toContain('guests may not do this');
    expect(await status()).toBe('firing');
  });

  describe('Count again', () => {
    let server: ApiServer;
    beforeEach(async () => {
      server = await ApiServer.start(() => ({ status: 200, body: [] }));
    });
    afterEach(() => server.close());
    const asked = (): number => server.requests.filter(({ path }) => path.includes('/alerts')).length;
    const updates = (): number => world.simulator.calls.filter(({ method }) => method === 'views.update').length;
    const says = (name: string, what: string): Promise<unknown> =>
      world.channel.wait(`the form to say ${what}`, () =>
        JSON.stringify(person(name).views.at(-1)?.blocks ?? '').includes(what),
      );
    const counts = async (name: string): Promise<void> => {
      const view = person(name).views.at(-1);
      if (view === undefined) throw new Error(`${name} sees no form`);
      await person(name).clicks(view, 'silence_count');
    };

    it('asks no server for whom Slack tells too late to be a guest, when the form opens and after', async () => {
      await start({ ALERTMANAGER_URL: server.url });
      world.simulator.faults.add({ kind: 'slow', delayMs: 1_500, method: 'users.info', times: 1 });
      await thread.chooses(person('gina'), 'incident_silence', 'Custom…');
      await says('gina', 'guests may not do this');
      const answered = updates();
      await counts('gina');
      await world.channel.wait('an answer', () => updates() > answered);
      await says('gina', 'guests may not do this');
      expect(asked()).toBe(0);

      await thread.chooses(world.alice, 'incident_silence', 'Custom…');
      await says('alice', 'Matches no alert');
      await counts('alice');
      await world.channel.wait('a second question', () => asked() === 2);
    });
  });

  it('clicks and emoji in channels that SLACK_CHANNELS leaves out do not count', async () => {
    await start({ SLACK_CHANNELS: 'C0PAYMENTS' });
    await thread.clicks(world.alice, 'incident_ack'); // SLACK_CHANNEL always counts
    await thread.expectReply(/👀/);
    await thread.offers('incident_unack');
    const root = world.simulator.workspace.message(world.channel.id, thread.ts);
    // The same button elsewhere: the channel is the envelope's, not what the button says.
    const { client } = await elsewhere(world, root?.blocks ?? []);
    await world.alice.clicks(client, 'incident_unack');
    await world.channel.wait('the refusal', () =>
      world.alice.ephemerals.some(({ text }) => text.includes('clicks in this channel do not count')),
    );
    expect(await status()).toBe('acknowledged');
  });

  it("a button in another channel than the incident's does nothing", async () => {
    await start();
    const root = world.simulator.workspace.message(world.channel.id, thread.ts);
    const { client } = await elsewhere(world, root?.blocks ?? [], 'C0PAYMENTS');
    await world.alice.clicks(client, 'incident_ack');
    await world.channel.wait('the refusal', () =>
      world.alice.ephemerals.some(({ text }) => text.includes('no longer tracks')),
    );
    expect(await status()).toBe('firing');
  });
});

/** A message of the app with these blocks in another channel. */
const elsewhere = async (
  { simulator }: PeopleWorld,
  blocks: readonly unknown[],
  channel = 'C0OTHER001',
): Promise<{ client: { channel: string; ts: string } }> => {
  if (channel === 'C0OTHER001') simulator.addChannel({ id: channel, name: 'other' });
  const call = async (method: string, body: object): Promise<{ ts: string }> => {
    const answer = await fetch(`${simulator.apiUrl}${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulator.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await answer.json()) as { ts: string };
  };
  await call('conversations.join', { channel });
  const { ts } = await call('chat.postMessage', { channel, text: 'x', blocks });
  return { client: { channel, ts } };
};
