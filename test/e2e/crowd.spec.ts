import { AlivePoll } from '../support/alive-poll.js';
import { PeopleWorld } from '../support/people-world.js';
import { MEGABYTE, rssOf, sizeOf, smallPod } from '../support/small-pod.js';
import type { SlackThread } from '../support/slack-channel.js';
import { TempFolder } from '../support/temp-folder.js';
import { wideWebhook } from '../support/wide-webhooks.js';
import { WrittenBytes } from '../support/written-bytes.js';

const ALERTS = 10_000;
const HALF = ALERTS / 2;
const CHANGES = 20;
/**
 * By 20 changes, each of which is shown before the next one: the record is written by the change, and by the delivery
 * when it begins a call and when it ends. A record with all of its alerts in full would be 4.4 MB each time.
 */
const MOST_WRITTEN = 12 * MEGABYTE;
/**
 * Of an answer of GET /health/live. Below 200 on a machine with nothing else to do; with six other processes on each
 * core, 2,000 were seen. Without members kept apart it was 4,800 on a machine with nothing else to do.
 */
const LATE_MS = 3_000;

const ALL_FIRE = `*Alerts:* ${ALERTS} firing`;

describe(`one thread of ${ALERTS} alerts in a small pod`, () => {
  const folder = new TempFolder();
  const file = folder.file('threads.json');
  let world: PeopleWorld;
  let thread: SlackThread;
  let poll: AlivePoll | undefined;

  beforeAll(async () => {
    world = await PeopleWorld.start({}, { file, command: smallPod() });
  });
  afterEach(async () => {
    await poll?.stop();
    poll = undefined;
  });
  afterAll(async () => {
    await world.end();
    folder.remove();
  });

  /** Sends a webhook while the service has to answer others. @returns the results */
  const send = async (what: string, body: string): Promise<{ incident_id?: string; note?: string }[]> => {
    poll = new AlivePoll(world.service);
    const began = performance.now();
    const answer = await world.service.post('/alert', body);
    const took = performance.now() - began;
    await world.service.idle();
    await poll.stop();
    const { worstMs, answers } = poll;
    poll = undefined;
    process.stderr.write(
      `crowd, ${what}: answered in ${took.toFixed(0)} ms; longest of ${answers} GET /health/live ${worstMs.toFixed(0)} ms; ` +
        `RSS ${(rssOf(world.service) / MEGABYTE).toFixed(0)} MB, file ${(sizeOf(file) / MEGABYTE).toFixed(2)} MB\n`,
    );
    expect(answer.status).toBe(200);
    expect(answers).toBeGreaterThan(1);
    expect(worstMs).toBeLessThan(LATE_MS);
    return answer.body.results as { incident_id?: string; note?: string }[];
  };
  const counts = async (): Promise<unknown> => (await world.incident()).alert_counts as unknown;

  it('is one incident with an exact count, and answers others meanwhile', async () => {
    const results = await send('first time', wideWebhook(ALERTS));
    expect(results).toHaveLength(ALERTS);
    thread = await world.channel.expectThread('🚨 A host is down');
    await thread.expectRoot('🚨 A host is down', { text: ALL_FIRE });
    const { id } = await world.incident();
    expect(new Set(results.map(({ incident_id }) => incident_id))).toEqual(new Set([id]));
    expect(await counts()).toMatchObject({ firing: ALERTS, resolved: 0 });
  });

  it('shows nothing new when the same comes again', async () => {
    const before = (await world.incident()).timeline as unknown;
    const messages = world.simulator.workspace.allMessages(world.channel.id).length;
    await send('again', wideWebhook(ALERTS));
    expect(await counts()).toMatchObject({ firing: ALERTS, resolved: 0 });
    expect((await world.incident()).timeline).toEqual(before);
    expect(world.simulator.workspace.allMessages(world.channel.id)).toHaveLength(messages);
  });

  it(`writes little for ${CHANGES} changes of one alert`, async () => {
    const written = new WrittenBytes(file);
    for (let n = 0; n < CHANGES; n++) {
      const isEnd = n % 2 === 0;
      // one that is listed and one that is not
      const from = n % 4 < 2 ? 10 : ALERTS - 10;
      const startsAt = isEnd ? {} : { startsAt: new Date().toISOString() };
      const body = wideWebhook(1, { from, status: isEnd ? 'resolved' : 'firing', ...startsAt });
      expect((await world.service.post('/alert', body)).status).toBe(200);
      await world.service.idle();
      written.look();
      expect(await counts()).toMatchObject({ firing: ALERTS - Number(isEnd), resolved: Number(isEnd) });
    }
    process.stderr.write(`crowd, ${CHANGES} changes: ${(written.look() / MEGABYTE).toFixed(2)} MB written\n`);
    expect(written.look()).toBeLessThan(MOST_WRITTEN);
  });

  it('has exact counts after kill -9', async () => {
    await world.service.kill9();
    await world.startAgain(file);
    expect(await counts()).toMatchObject({ firing: ALERTS, resolved: 0 });
    await send('after kill -9', wideWebhook(ALERTS));
    expect(await counts()).toMatchObject({ firing: ALERTS, resolved: 0 });
  });

  it('counts the half that ends', async () => {
    await send('half of them end', wideWebhook(HALF, { from: HALF / 2, status: 'resolved' }));
    expect(await counts()).toMatchObject({ firing: HALF, resolved: HALF });
    await thread.expectRoot('🚨 A host is down', { text: `*Alerts:* ${HALF} firing, ${HALF} resolved` });
    await world.service.kill9();
    await world.startAgain(file);
    expect(await counts()).toMatchObject({ firing: HALF, resolved: HALF });
  });

  it('is resolved with the last one', async () => {
    const rest = ALERTS - HALF - 1;
    const body = JSON.parse(wideWebhook(ALERTS, { status: 'resolved' })) as { alerts: unknown[] };
    const last = body.alerts.pop();
    await send('all but one end', JSON.stringify(body));
    expect(await counts()).toMatchObject({ firing: 1, resolved: HALF + rest });
    await send('the last one ends', JSON.stringify({ ...body, alerts: [last] }));
    expect(await counts()).toMatchObject({ firing: 0, resolved: ALERTS });
    expect((await world.incident()).status).toBe('resolved');
    await thread.expectRoot('✅ A host is down', { text: `All ${ALERTS} alerts resolved`, color: '2EB67D' });
    const cards = thread.replies.filter(({ text }) => text.includes('RESOLVED'));
    expect(cards).toHaveLength(1);
    await world.service.stop();
    expect(world.service.log.filter(({ level }) => level >= 50)).toEqual([]);
  });
});
