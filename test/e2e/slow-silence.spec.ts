import { ApiServer } from '../silences/api-server.js';
import { PeopleWorld } from '../support/people-world.js';

/** Slack warns the person after 3 s. */
const ACKNOWLEDGED_WITHIN_MS = 2_500;

describe('an Alertmanager that takes its time', () => {
  let server: ApiServer;
  let world: PeopleWorld;
  afterEach(async () => {
    await world.end();
    await server.close();
  });

  it('the click is acknowledged in time, and the person is told that it worked all the same', async () => {
    const waiting: (() => void)[] = [];
    server = await ApiServer.start(({ method, path }, response) => {
      if (method !== 'POST' || path !== '/api/v2/silences') return { status: 200, body: [] };
      waiting.push(() => response.end(JSON.stringify({ silenceID: 's1' })));
      return undefined;
    });
    world = await PeopleWorld.start({ ALERTMANAGER_URL: server.url });
    const { alice, channel, service } = world;
    const thread = await world.fires();
    const { afterMs } = await thread.chooses(alice, 'incident_silence', '2 hours');
    expect(afterMs).toBeLessThan(ACKNOWLEDGED_WITHIN_MS);
    expect((await world.incident()).silence).toBeNull();
    for (const answer of waiting) answer();
    await thread.expectReply(/🔕 Silenced until/);
    await thread.expectWhisper(alice, 'It took longer than usual, but it worked');
    await channel.expectNothingElse(service);
  });

  it('never answers: the person reads why, and nothing claims to be silenced', async () => {
    server = await ApiServer.start(({ method }) => (method === 'POST' ? undefined : { status: 200, body: [] }));
    world = await PeopleWorld.start({ ALERTMANAGER_URL: server.url });
    const { alice, channel, service } = world;
    const thread = await world.fires();
    await thread.chooses(alice, 'incident_silence', '2 hours');
    await thread.expectWhisper(alice, /Nothing is silenced[^]+did not answer/);
    expect((await world.incident()).silence).toBeNull();
    await channel.expectNothingElse(service);
  });
});
