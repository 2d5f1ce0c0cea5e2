import { databaseDown, isOver, PeopleWorld, TITLE } from '../support/people-world.js';
import { SlackChannel } from '../support/slack-channel.js';

describe('people act from Slack', () => {
  let world: PeopleWorld;
  const start = async (settings: Record<string, string> = {}): Promise<void> => {
    world = await PeopleWorld.start(settings);
  };
  afterEach(() => world.end());

  it('Ack: the thread says who, the first message shows it and offers to take it back', async () => {
    await start();
    const { alice, bob, channel, service } = world;
    const thread = await world.fires();
    expect(thread.actions).toEqual(['incident_ack', 'incident_resolve']);

    await thread.clicks(alice, 'incident_ack');
    await thread.expectReply(`👀 Acknowledged by <@${alice.id}>`);
    await thread.expectRoot(TITLE, { text: `👀 Acknowledged by <@${alice.id}>` });
    expect(thread.actions).toEqual(['incident_unack', 'incident_resolve']);

    await thread.clicks(bob, 'incident_unack');
    await thread.expectReply(`Unacknowledged by <@${bob.id}>`);
    await thread.offers('incident_ack');
    await channel.expectNothingElse(service);
    const { timeline } = await world.incident();
    expect(timeline).toMatchObject([
      { kind: 'opened', by: null },
      { kind: 'acknowledged', by: { kind: 'slack', id: alice.id } },
      { kind: 'unacknowledged', by: { kind: 'slack', id: bob.id } },
    ]);
    await service.stop();
  });

  it('Resolve with what was done and why: both are in the thread; Reopen opens it again', async () => {
    await start();
    const { alice, bob, channel, service } = world;
    const thread = await world.fires();
    await thread.clicks(alice, 'incident_resolve');
    const form = await thread.expectForm(alice, 'Resolve incident');
    expect(bob.views).toHaveLength(0);
    const sent = await alice.submits(form, {
      action_taken: { action_input: 'Restarted <!channel> the database' },
      root_cause: { root_cause_input: 'Disk full' },
    });
    expect(sent).toMatchObject({ acknowledged: true });
    expect(alice.views).toHaveLength(0);

    await thread.expectReply(
      new RegExp(
        `✅ Resolved by <@${alice.id}>[^]*Action taken:\\*? Restarted &lt;!channel&gt; the database[^]*Root cause:\\*? Disk full`,
      ),
    );
    await thread.expectRoot('✅ Database is down', { text: `Resolved by <@${alice.id}>`, color: '#2EB67D' });
    expect(thread.actions).toEqual(['incident_reopen']);
    expect((await world.incident()).resolved).toMatchObject({
      by: { kind: 'slack', id: alice.id },
      action_taken: 'Restarted <!channel> the database',
      root_cause: 'Disk full',
    });

    await thread.clicks(bob, 'incident_reopen');
    await thread.expectReply(new RegExp(`Reopened\\*? by <@${bob.id}>`));
    await thread.expectRoot(TITLE);
    await channel.expectNothingElse(service);
  });

  it('Resolve without a word; the source that says the same later changes nothing', async () => {
    await start();
    const { alice, channel, service } = world;
    const thread = await world.fires();
    await thread.clicks(alice, 'incident_resolve');
    await alice.submits(await thread.expectForm(alice, 'Resolve incident'));
    await thread.expectReply(`✅ Resolved by <@${alice.id}>`);
    await thread.expectRoot('✅ Database is down');
    await world.post(databaseDown('db01', isOver));
    await channel.expectNothingElse(service);
    expect((await world.incident()).resolved).toMatchObject({ action_taken: null, root_cause: null });
  });

  it('👀 acknowledges and taken back takes it back; ✅ resolves; on a reply they mean nothing', async () => {
    await start();
    const { alice, bob, channel, service, simulator } = world;
    const thread = await world.fires();
    await thread.reacts(alice, 'eyes');
    await thread.expectReply(`👀 Acknowledged by <@${alice.id}>`);
    await thread.reacts(bob, 'eyes');
    await thread.expectWhisper(bob, `<@${alice.id}> acknowledged`);
    await thread.unreacts(bob, 'eyes');
    await thread.unreacts(alice, 'eyes');
    await thread.expectReply(`Unacknowledged by <@${alice.id}>`);

    const [reply] = simulator.workspace.replies(channel.id, thread.ts);
    if (reply === undefined) throw new Error('no reply');
    await bob.reacts(reply, 'white_check_mark');
    await bob.reacts(thread.root, 'thumbsup');
    await thread.reacts(bob, 'white_check_mark');
    await thread.expectReply(`✅ Resolved by <@${bob.id}>`);
    await channel.expectNothingElse(service);
  });

  it('an old reaction does nothing to an incident that opens again', async () => {
    await start();
    const { alice, bob, channel, service } = world;
    const thread = await world.fires();
    await thread.reacts(alice, 'white_check_mark');
    await thread.expectReply(`✅ Resolved by <@${alice.id}>`);
    await thread.clicks(bob, 'incident_reopen');
    await thread.expectReply(/Reopened/);
    await thread.unreacts(alice, 'white_check_mark');
    expect((await world.incident()).status).toBe('firing');
    await channel.expectNothingElse(service);
  });

  it('two channels at once over one socket', async () => {
    await start();
    const { alice, bob, channel, service, simulator } = world;
    const payments = new SlackChannel(simulator, 'C0PAYMENTS');
    const here = await world.fires();
    await service.post('/alert?channel=C0PAYMENTS', { status: 'firing', alerts: [databaseDown('db02')] });
    const there = await payments.expectThread(TITLE);
    await Promise.all([here.clicks(alice, 'incident_ack'), there.clicks(bob, 'incident_ack')]);
    await here.expectReply(`👀 Acknowledged by <@${alice.id}>`);
    await there.expectReply(`👀 Acknowledged by <@${bob.id}>`);
    await channel.expectNothingElse(service);
    await payments.expectNothingElse(service);
    expect(simulator.sockets.connections).toHaveLength(1);
  });

  it('the second person is told who has it; the same person that they have it', async () => {
    await start();
    const { alice, bob, channel, service } = world;
    const thread = await world.fires();
    await thread.clicks(alice, 'incident_ack');
    await thread.expectReply(/👀/);
    await thread.offers('incident_unack');
    // What Bob's screen still showed when he pressed.
    await service.post(`/incidents/${(await world.incident()).id as string}/ack`, { by: 'bob' });
    await thread.reacts(bob, 'eyes');
    await thread.expectWhisper(bob, `<@${alice.id}> acknowledged “Database is down” already`);
    expect(alice.ephemerals).toHaveLength(0);
    await channel.expectNothingElse(service);
  });

  it('a button of an incident whose problem came back leads to the new thread', async () => {
    await start({ REOPEN_WINDOW: '0' });
    const { alice, channel, service, simulator } = world;
    const before = await world.fires();
    await world.post(databaseDown('db01', isOver));
    await before.expectReply(/✅ RESOLVED/);
    await before.offers('incident_reopen');
    const now = await world.fires(databaseDown('db01', { startsAt: '2024-01-15T15:30:00Z' }));

    await before.clicks(alice, 'incident_reopen');
    const url = `${simulator.url}archives/${channel.id}/p${now.ts.replace('.', '')}`;
    await before.expectWhisper(alice, `closed for good. Please go on in <${url}|its thread>.`);
    await channel.expectNothingElse(service);
  });

  it('a button of an incident that is forgotten answers that it is no longer tracked', async () => {
    await start();
    const { alice, bob, channel, service, simulator } = world;
    const thread = await world.fires();
    const root = simulator.workspace.message(channel.id, thread.ts);
    if (root === undefined) throw new Error('no root');
    const change = (from: string, to: string): void => {
      root.blocks = JSON.parse(JSON.stringify(root.blocks).replaceAll(from, to)) as typeof root.blocks;
    };
    const { id } = await world.incident();
    const gone = 'INC-20200101000000-00000000';
    change(id, gone);
    await thread.clicks(alice, 'incident_ack');
    await thread.expectWhisper(alice, 'no longer tracks');

    const metadata = root.metadata as unknown as { event_payload: { deployment: string } };
    metadata.event_payload.deployment = 'staging';
    await thread.clicks(bob, 'incident_ack');
    await thread.expectWhisper(bob, 'belongs to another deployment');
    expect((await world.incident()).status).toBe('firing');
    await channel.expectNothingElse(service);
  });
});
