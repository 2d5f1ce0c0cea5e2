import { messageText } from '../../simulator/workspace/as-text.js';
import { databaseDown, isOver, PeopleWorld } from '../support/people-world.js';
import { Random } from '../support/random.js';
import { TempFolder } from '../support/temp-folder.js';

const INTERLEAVINGS = 20;
const CLICKS = 24;

/** SEED repeats a run, as far as time allows. */
const seeded = (): Random => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  process.stdout.write(`envelopes.spec.ts: SEED=${String(seed)}\n`);
  return new Random(seed);
};

const labelled = (name: string, change: Record<string, unknown> = {}): object =>
  databaseDown('db01', {
    labels: { alertname: name, severity: 'critical', service: 'db', cluster: 'eu', instance: 'db01' },
    ...change,
  });

describe('one outcome, whatever happens on the way', () => {
  let world: PeopleWorld;
  const folder = new TempFolder();
  afterEach(() => world.end());
  afterAll(() => {
    folder.remove();
  });

  it.each([
    ['with the same envelope id', false],
    ['with new envelope ids', true],
  ])('a click that comes three times %s', async (_how, newIds) => {
    world = await PeopleWorld.start();
    const { alice, channel, service, simulator } = world;
    const thread = await world.fires();
    simulator.faults.add({ kind: 'duplicate', copies: 2, newIds });
    await thread.clicks(alice, 'incident_ack');
    await thread.expectReply(/👀 Acknowledged/);
    const envelope = simulator.sockets.envelopes.at(-1);
    await channel.wait('three acknowledgements', () => envelope?.attempts[0]?.acknowledgements.length === 3);
    expect((await world.incident()).timeline).toHaveLength(2);
    await channel.expectNothingElse(service);
  });

  it('a reaction that comes three times, and once more after a restart', async () => {
    const file = folder.file('again.json');
    world = await PeopleWorld.start({}, { file });
    const { alice, channel, simulator } = world;
    const thread = await world.fires();
    simulator.faults.add({ kind: 'duplicate', copies: 2, newIds: true });
    await thread.reacts(alice, 'eyes');
    await thread.expectReply(/👀 Acknowledged/);
    await thread.clicks(alice, 'incident_unack');
    await thread.expectReply(/Unacknowledged/);
    const event = simulator.sockets.envelopes.find(({ type }) => type === 'events_api');
    await world.service.kill9();
    await world.startAgain(file);
    const again = await simulator.sockets.send('events_api', event?.payload).ended;
    expect(again.acknowledged).toBe(true);
    expect((await world.incident()).status).toBe('firing');
    await channel.expectNothingElse(world.service);
  });

  it('a click that comes again after a restart', async () => {
    const file = folder.file('click.json');
    world = await PeopleWorld.start({}, { file });
    const { alice, bob, channel, simulator } = world;
    const thread = await world.fires();
    await thread.clicks(alice, 'incident_ack');
    await thread.expectReply(/👀 Acknowledged/);
    const click = simulator.sockets.envelopes.at(-1);
    await thread.clicks(bob, 'incident_unack');
    await thread.expectReply(/Unacknowledged/);
    await world.service.kill9();
    await world.startAgain(file);
    const { id = '', type = '', payload } = click ?? {};
    simulator.sockets.sendRaw(JSON.stringify({ envelope_id: id, type, payload, accepts_response_payload: false }));
    await channel.wait(
      'its acknowledgement',
      () =>
        simulator.sockets.strays.some((text) => text.includes(id)) ||
        (click?.attempts[0]?.acknowledgements.length ?? 0) > 1,
    );
    expect((await world.incident()).status).toBe('firing');
    await channel.expectNothingElse(world.service);
  });

  it('two people press Ack at once: one has it, the other is told who', async () => {
    world = await PeopleWorld.start();
    const { alice, bob, channel, service } = world;
    const thread = await world.fires();
    await Promise.all([thread.clicks(alice, 'incident_ack'), thread.clicks(bob, 'incident_ack')]);
    await thread.expectReply(/👀 Acknowledged by/);
    const { acknowledged } = await world.incident();
    const [winner, loser] = acknowledged.by.id === alice.id ? [alice, bob] : [bob, alice];
    await thread.expectWhisper(loser, `<@${winner.id}> acknowledged “Database is down” already`);
    expect(winner.ephemerals).toHaveLength(0);
    expect((await world.incident()).timeline).toHaveLength(2);
    await channel.expectNothingElse(service);
  });

  it(`Ack beside the source's own resolve, ${String(INTERLEAVINGS)} random interleavings`, async () => {
    world = await PeopleWorld.start();
    const { alice, service, simulator, channel } = world;
    const random = seeded();
    const names = Array.from({ length: INTERLEAVINGS }, (_, i) => `Race${String(i)}`);
    await world.post(...names.map((name) => labelled(name)));
    await channel.wait('every thread', () => channel.roots().length === names.length);
    await service.idle();
    await Promise.all(
      names.map(async (name) => {
        const root = channel.roots().find((message) => messageText(message).includes(`alertname=${name}`));
        if (root === undefined) throw new Error(`no thread of ${name}`);
        if (random.chance(0.3)) simulator.faults.add({ kind: 'duplicate', copies: 2, newIds: random.chance(0.5) });
        const clicks = async (): Promise<void> => {
          const { acknowledged } = await alice.clicks(root, 'incident_ack');
          if (!acknowledged) throw new Error(`${name}: nobody acknowledged the click`);
        };
        const resolves = async (): Promise<void> => {
          await world.post(labelled(name, isOver));
        };
        const acts = random.chance(0.5) ? [clicks, resolves] : [resolves, clicks];
        await Promise.all(acts.map((act) => act()));
      }),
    );
    const repliesOf = (ts: string): string[] => channel.replies(ts).map(messageText);
    // Not for an idle service: twenty edits take Slack's pace half a minute.
    await channel.wait('every end', () =>
      channel.roots().every(({ ts }) => repliesOf(ts).some((text) => text.startsWith('✅'))),
    );
    const won = (await world.incidents()).map(({ status, timeline }) => {
      expect(status).toBe('resolved');
      const kinds = timeline.map(({ kind }) => kind);
      expect([
        ['opened', 'resolved'],
        ['opened', 'acknowledged', 'resolved'],
      ]).toContainEqual(kinds);
      return kinds.includes('acknowledged');
    });
    expect(won).toHaveLength(INTERLEAVINGS);
    const late = won.filter((acknowledged) => !acknowledged).length;
    await channel.wait('who came too late to be told', () => alice.ephemerals.length === late);
    for (const { ts } of channel.roots()) {
      expect(repliesOf(ts).filter((text) => text.includes('👀 Acknowledged by')).length).toBeLessThanOrEqual(1);
      expect(repliesOf(ts).filter((text) => text.startsWith('✅'))).toHaveLength(1);
    }
    expect(channel.roots()).toHaveLength(INTERLEAVINGS);
  });

  it('kill -9 while people click: no click is lost that was acknowledged', async () => {
    const file = folder.file('kill.json');
    world = await PeopleWorld.start({}, { file });
    const { alice, simulator, channel } = world;
    const random = seeded();
    const names = Array.from({ length: CLICKS }, (_, i) => `Kill${String(i)}`);
    await world.post(...names.map((name) => labelled(name)));
    await channel.wait('every thread', () => channel.roots().length === names.length);
    await world.service.idle();
    const pressed = new Map<string, boolean>();
    const clicks = channel.roots().map(async (root, i) => {
      await channel.wait('its turn', () => simulator.sockets.envelopes.length >= i - 4);
      const value = /"value":"\{\\"incident_id\\":\\"([^\\]+)/.exec(JSON.stringify(root.blocks))?.[1] ?? '';
      const { acknowledged } = await alice.clicks(root, 'incident_ack');
      pressed.set(value, acknowledged);
    });
    const killAfter = random.between(4, CLICKS - 6);
    await channel.wait('some acknowledged clicks', () => [...pressed.values()].filter(Boolean).length >= killAfter);
    await world.service.kill9();
    await Promise.all(clicks);
    await world.startAgain(file);
    const statusOf = new Map((await world.incidents()).map(({ id, status }) => [id, status]));
    const acknowledged = [...pressed].filter(([, known]) => known).map(([id]) => id);
    expect(acknowledged.length).toBeGreaterThanOrEqual(killAfter);
    expect(acknowledged.filter((id) => statusOf.get(id) !== 'acknowledged')).toEqual([]);
    const tellings = channel.roots().map(
      ({ ts }) =>
        () =>
          channel.replies(ts).filter((reply) => messageText(reply).includes('👀 Acknowledged by')).length,
    );
    const owned = [...statusOf.values()].filter((status) => status === 'acknowledged').length;
    await channel.wait('every thread to tell', () => tellings.filter((count) => count() > 0).length === owned);
    expect(tellings.filter((count) => count() > 1)).toHaveLength(0);
  });
});
