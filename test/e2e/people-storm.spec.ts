import { databaseDown, PeopleWorld } from '../support/people-world.js';

const SENDERS = 4;
const ALERTS = 50;
/** A trigger_id lives 3 s. */
const OPENED_WITHIN_MS = 2_500;
const FORMS = 5;

it('in a storm, with Slack slow and the channel far behind, a form still opens and a click still goes first', async () => {
  const world = await PeopleWorld.start(
    { SLACK_POSTS_PER_SECOND: '1', SLACK_POST_BURST: '3' },
    { simulated: { pace: 'slack' } },
  );
  try {
    const { alice, channel, service } = world;
    const thread = await world.fires();
    let isOver = false;
    let sent = 0;
    const storm = Array.from({ length: SENDERS }, async (_, sender) => {
      for (let i = 0; !isOver; i++) {
        const alerts = Array.from({ length: ALERTS }, (_one, n) =>
          databaseDown(`db${String(n)}`, {
            labels: { alertname: `Storm${String(sender)}x${String((i * ALERTS + n) % 400)}`, severity: 'warning' },
          }),
        );
        const { status } = await world.post(...alerts);
        if (status !== 200) throw new Error(`refused with ${String(status)}`);
        sent += ALERTS;
      }
    });
    await service.until('the channel to be far behind', async () => {
      const { body } = await service.get('/stats');
      return body.queue.depth_by_channel[channel.id] > 300;
    });
    for (let i = 0; i < FORMS; i++) {
      const began = performance.now();
      await thread.clicks(alice, 'incident_resolve');
      const form = await thread.expectForm(alice, 'Resolve incident');
      expect(performance.now() - began).toBeLessThan(OPENED_WITHIN_MS);
      await alice.closes(form);
    }
    await thread.clicks(alice, 'incident_ack');
    await thread.expectReply(`👀 Acknowledged by <@${alice.id}>`);
    await thread.expectRoot('🚨 Database is down', { text: `👀 Acknowledged by <@${alice.id}>` });
    expect((await service.get('/stats')).body.queue.depth_by_channel[channel.id]).toBeGreaterThan(200);
    isOver = true;
    await Promise.all(storm);
    expect(sent).toBeGreaterThan(1_000);
  } finally {
    await world.end();
  }
});
