import { eventually } from '../support/eventually.js';
import { databaseDown, PeopleWorld } from '../support/people-world.js';

/** How long apps.connections.open fails with 500, in seconds. OUTAGE=60 is the figure that the product promises. */
const OUTAGE_S = Number(process.env['OUTAGE'] ?? 6);
const OPEN = 'apps.connections.open';
/** The longest wait between two tries, with its jitter. Milliseconds. */
const LONGEST_WAIT_MS = 36_000;
/** An Alertmanager that sends to the service all the while. */
const POST_EVERY_MS = 100;

describe('Slack takes no socket', () => {
  let world: PeopleWorld;
  afterEach(() => world.end());

  it(
    `for ${String(OUTAGE_S)} s, then refuses the token, then is fine: alive, honest, and alerts are taken all the while`,
    async () => {
      world = await PeopleWorld.start();
      const { alice, bob, service, simulator } = world;
      const thread = await world.fires();
      // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows what it asked for
      const health = async (): Promise<any> => (await service.get('/health')).body as unknown;
      expect((await health()).details.socket).toMatchObject({ status: 'up', state: 'connected' });

      const answers = new Set<number>();
      const outage = { isOver: false };
      const posting = (async () => {
        for (let i = 0; !outage.isOver; i++) {
          const answer = world.post(databaseDown(`db0${String(i % 9)}`));
          answers.add(
            await answer.then(
              ({ status }) => status,
              () => 0,
            ),
          );
          await new Promise((resolve) => setTimeout(resolve, POST_EVERY_MS));
        }
      })();

      const failing = simulator.faults.add({ kind: 'http', status: 500, method: OPEN, times: Infinity });
      const began = performance.now();
      simulator.sockets.drop();
      await service.until('/health to tell of it', async () => {
        const { status, details } = await health();
        return status === 'degraded' && details.socket.state === 'reconnecting' && details.socket.error === 'http_500';
      });
      expect((await service.get('/health/ready')).status).toBe(200);
      // People go on; what they react with is found later, what they press says at once that nobody answered.
      simulator.workspace.react(thread.root, 'eyes', alice.id);
      expect((await bob.clicks(thread.root, 'incident_ack')).acknowledged).toBe(false);

      await service.until('the outage to last', () => performance.now() - began > OUTAGE_S * 1_000, {
        timeoutMs: OUTAGE_S * 1_000 + 5_000,
      });
      expect(failing.hits).toBeGreaterThan(1);
      await failing.remove();
      const refused = simulator.faults.add({ kind: 'error', code: 'invalid_auth', method: OPEN });
      await service.until('the refusal', () => refused.hits > 0, { timeoutMs: LONGEST_WAIT_MS });
      await service.until('/health to tell why', async () => (await health()).details.socket.error === 'invalid_auth');
      expect(service.log.filter(({ advice }) => advice === 'check SLACK_APP_TOKEN')).toHaveLength(1);

      await service.until('a socket', async () => (await health()).details.socket.state === 'connected', {
        timeoutMs: LONGEST_WAIT_MS,
      });
      expect(await health()).toMatchObject({ details: { socket: { status: 'up', error: null } } });
      outage.isOver = true;
      await posting;
      expect([...answers]).toEqual([200]);

      await eventually('the reaction that was missed', async () => (await world.incident()).status === 'acknowledged');
      expect((await world.incident()).acknowledged.by.id).toBe(alice.id);
      await service.stop();
    },
    OUTAGE_S * 1_000 + 3 * LONGEST_WAIT_MS,
  );

  it('is noticed at once where the token is wrong from the start, and the rest works', async () => {
    const settings = { SLACK_APP_TOKEN: 'xapp-wrong' };
    world = await PeopleWorld.start(settings, { connect: false });
    const { service } = world;
    await service.until('the reason', async () => {
      const { body } = await service.get('/health');
      return body.details.socket.error === 'invalid_auth';
    });
    await world.fires();
    await service.stop();
  });
});

describe('reactions while nobody listens', () => {
  let world: PeopleWorld;
  afterEach(() => world.end());

  it('are picked up as a difference: new ones act, old ones do not, those taken back are undone', async () => {
    world = await PeopleWorld.start();
    const { alice, bob, channel, service, simulator } = world;
    const thread = await world.fires();
    await thread.reacts(alice, 'eyes');
    await thread.expectReply(`👀 Acknowledged by <@${alice.id}>`);
    const missing = (act: () => void): Promise<void> => {
      const opened = simulator.sockets.opened;
      const failing = simulator.faults.add({ kind: 'http', status: 503, method: OPEN, times: Infinity });
      simulator.sockets.drop();
      act();
      void failing.remove();
      return channel.wait('a new socket', () => simulator.sockets.opened > opened).then(() => undefined);
    };

    await missing(() => simulator.workspace.unreact(thread.root, 'eyes', alice.id));
    await thread.expectReply(`Unacknowledged by <@${alice.id}>`);
    await missing(() => simulator.workspace.react(thread.root, 'white_check_mark', bob.id));
    await thread.expectReply(`✅ Resolved by <@${bob.id}>`);
    await thread.clicks(alice, 'incident_reopen');
    await thread.expectReply(/Reopened/);
    // Nothing new: Bob's mark is still there, and acts on nothing.
    const asked = () => simulator.calls.filter(({ method }) => method === 'reactions.get').length;
    const before = asked();
    await missing(() => undefined);
    await channel.wait('Slack to be asked', () => asked() > before);
    expect((await world.incident()).status).toBe('firing');
    await channel.expectNothingElse(service);
  });
});
