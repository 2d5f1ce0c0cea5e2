import { is, clientOf } from '../silences/clients.js';
import { Alertmanager, endAlertmanagers } from '../support/alertmanager.js';
import { describeRedis } from '../support/describe-redis.js';
import { databaseDown, PeopleWorld, TITLE } from '../support/people-world.js';
import { Replicas } from '../support/replicas.js';
import { NO_PACE } from '../support/service-environment.js';
import type { HttpAnswer, ServiceProcess } from '../support/service-process.js';
import { MEGABYTE, rssOf, sizeOf, smallPod } from '../support/small-pod.js';
import { SlackChannel, titleOf, type SlackThread } from '../support/slack-channel.js';
import { TempFolder } from '../support/temp-folder.js';
import { wideWebhook, type WideOptions } from '../support/wide-webhooks.js';

/** With LONG=1 a million problems, in an hour: `npm run build && LONG=1 npx jest test/e2e/folding`. */
const LONG = process.env['LONG'] === '1';
const MAX_OPEN = LONG ? 5_000 : 200;
const PROBLEMS = LONG ? 1_000_000 : 800;
const FOLDED = PROBLEMS - MAX_OPEN;
/** Alerts of a webhook. */
const AT_ONCE = LONG ? 1_000 : 50;
/** Come after a restart. */
const MORE = 100;
/** The service sends five messages a second, so 5,000 threads take a quarter of an hour. */
const TIMEOUT_MS = LONG ? 3_600_000 : 180_000;

const labels = (n: number): Record<string, string> => ({
  alertname: 'RequestSlow',
  severity: 'warning',
  service: `request-${n}`,
});
const problems = (which: number | readonly number[], options: WideOptions = {}): string =>
  wideWebhook(which, { labels, ...options });

const NOTE = 'too many incidents are open: counted in one thread with other problems';
const titleFor = (number: number): string =>
  `${number.toLocaleString('en')} problems of RequestSlow, folded: too many different values of service`;
const isFoldTitle = (emoji: string, number: number): RegExp =>
  new RegExp(`^${emoji} ${titleFor(number).replace('service', '`?service`?')}$`, 'u');

interface Result {
  readonly incident_id?: string;
  readonly note?: string;
}

const resultsOf = ({ status, body }: HttpAnswer): Result[] => {
  expect(status).toBe(200);
  return body.results as Result[];
};

describe(`${PROBLEMS} problems of one alertname with MAX_OPEN=${MAX_OPEN}`, () => {
  const folder = new TempFolder();
  const file = folder.file('threads.json');
  let alertmanager: Alertmanager;
  let world: PeopleWorld;
  let fold: string;
  let thread: SlackThread;

  beforeAll(async () => {
    const settings = { url: 'http://127.0.0.1:9/', group_wait: '1h', group_interval: '1h', repeat_interval: '24h' };
    alertmanager = await Alertmanager.start(settings);
    const env = { MAX_OPEN: String(MAX_OPEN), ALERTMANAGER_URL: alertmanager.url, REOPEN_WINDOW: '1s' };
    world = await PeopleWorld.start(env, { file, command: smallPod() });
  }, 180_000);
  afterAll(async () => {
    await endAlertmanagers();
    await world.end();
    folder.remove();
  });

  /** One webhook after the other. */
  const send = async (from: number, to: number, options: WideOptions = {}): Promise<Result[]> => {
    const all: Result[] = [];
    for (let at = from; at < to; at += AT_ONCE) {
      const body = problems(Math.min(AT_ONCE, to - at), { from: at, ...options });
      all.push(...resultsOf(await world.service.post('/alert', body)));
    }
    return all;
  };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows what it asked for
  const incident = async (): Promise<any> => (await world.service.get(`/incidents/${fold}`)).body;
  const folding = async (): Promise<unknown> => (await world.service.get('/health')).body.details.folding as unknown;
  const gauge = async (): Promise<string | undefined> =>
    /^alert_threader_folded_problems\{[^}]*\} (\S+)$/m.exec((await world.service.get('/metrics')).text)?.[1];

  it(
    'has a thread each up to MAX_OPEN, and counts the others in one incident',
    async () => {
      const began = performance.now();
      const results = await send(0, PROBLEMS);
      const seconds = (performance.now() - began) / 1_000;
      const own = results.filter(({ note }) => note !== NOTE);
      const folded = results.filter(({ note }) => note === NOTE);
      expect([own.length, folded.length]).toEqual([MAX_OPEN, FOLDED]);
      expect(own.filter(({ note }) => note !== undefined)).toEqual([]);
      expect(new Set(own.map(({ incident_id }) => incident_id)).size).toBe(MAX_OPEN);
      const ids = new Set(folded.map(({ incident_id }) => incident_id));
      expect(ids.size).toBe(1);
      fold = [...ids][0] ?? '';
      await world.service.until('every thread', () => world.channel.roots().length === MAX_OPEN + 1, {
        timeoutMs: TIMEOUT_MS / 2,
      });
      thread = await world.channel.expectThread(isFoldTitle('⚠️', FOLDED));
      process.stderr.write(
        `folding: ${PROBLEMS} problems in ${seconds.toFixed(1)} s, RSS ${(rssOf(world.service) / MEGABYTE).toFixed(0)} MB, ` +
          `file ${(sizeOf(file) / MEGABYTE).toFixed(1)} MB\n`,
      );
      expect(await incident()).toMatchObject({
        status: 'firing',
        title: titleFor(FOLDED).replace('service', '`service`'),
        folded: { alertname: 'RequestSlow', problems: FOLDED, labels: ['service'] },
        alert_counts: { firing: FOLDED, resolved: 0 },
      });
      expect(thread.text).toContain(`*Alerts:* ${FOLDED} firing`);
      expect(thread.text).toContain('THREAD_KEY_LABELS');
    },
    TIMEOUT_MS,
  );

  it('counts none twice', async () => {
    const replies = thread.replies.length;
    const results = await send(MAX_OPEN - 50, MAX_OPEN + 50);
    expect(results.filter(({ incident_id }) => incident_id === fold)).toHaveLength(50);
    await world.service.idle();
    expect(await incident()).toMatchObject({ folded: { problems: FOLDED }, alert_counts: { firing: FOLDED } });
    expect(thread.replies).toHaveLength(replies);
    expect(world.channel.roots()).toHaveLength(MAX_OPEN + 1);
  });

  it('is told by GET /health with what to do, and by GET /metrics', async () => {
    const { status, body } = await world.service.get('/health');
    expect([status, body.status]).toEqual([200, 'degraded']);
    expect(await folding()).toMatchObject({
      status: 'degraded',
      folds: 1,
      worst: [{ alertname: 'RequestSlow', problems: FOLDED, labels: ['service'], incident_id: fold }],
      what_to_do: expect.stringContaining('THREAD_KEY_LABELS') as string,
    });
    expect(await gauge()).toBe(String(FOLDED));
  });

  it('leaves problems of other names their threads', async () => {
    const [result] = resultsOf(await world.post(databaseDown()));
    expect(result?.note).toBeUndefined();
    expect(result?.incident_id).not.toBe(fold);
    await world.channel.expectThread(TITLE);
  });

  it('can be acknowledged, and silenced by its alertname', async () => {
    const { alice, bob } = world;
    await thread.clicks(alice, 'incident_ack');
    await thread.expectReply(`Acknowledged by <@${alice.id}>`);
    await thread.chooses(bob, 'incident_silence', '2 hours');
    await thread.expectReply(/🔕 Silenced until/);
    const made = await clientOf('alertmanager', { ALERTMANAGER_URL: alertmanager.url }).list();
    expect(made.map(({ matchers }) => matchers)).toEqual([[is('alertname', 'RequestSlow')]]);
    expect(await incident()).toMatchObject({ acknowledged: { by: { id: alice.id } }, silence: { id: made[0]?.id } });
  });

  it('goes on after kill -9', async () => {
    await world.service.kill9();
    const began = performance.now();
    await world.startAgain(file);
    process.stderr.write(`folding: connected ${((performance.now() - began) / 1_000).toFixed(1)} s after kill -9\n`);
    expect(await incident()).toMatchObject({ folded: { problems: FOLDED }, alert_counts: { firing: FOLDED } });
    const results = await send(PROBLEMS, PROBLEMS + MORE);
    expect(new Set(results.map(({ incident_id }) => incident_id))).toEqual(new Set([fold]));
    expect(await incident()).toMatchObject({
      folded: { problems: FOLDED + MORE },
      alert_counts: { firing: FOLDED + MORE, resolved: 0 },
    });
    await thread.expectRoot(isFoldTitle('⚠️', FOLDED + MORE));
    expect(world.channel.roots()).toHaveLength(MAX_OPEN + 2);
  });

  it(
    'counts those that end, and is resolved with the last one',
    async () => {
      const end = { status: 'resolved' } as const;
      await send(MAX_OPEN, MAX_OPEN + FOLDED / 2, end);
      expect(await incident()).toMatchObject({
        status: 'acknowledged',
        alert_counts: { firing: FOLDED / 2 + MORE, resolved: FOLDED / 2 },
      });
      await thread.expectRoot(isFoldTitle('⚠️', FOLDED + MORE), {
        text: `*Alerts:* ${FOLDED / 2 + MORE} firing, ${FOLDED / 2} resolved`,
      });
      await send(MAX_OPEN + FOLDED / 2, PROBLEMS + MORE - 1, end);
      expect(await incident()).toMatchObject({ alert_counts: { firing: 1, resolved: FOLDED + MORE - 1 } });
      await send(PROBLEMS + MORE - 1, PROBLEMS + MORE, end);
      expect(await incident()).toMatchObject({
        status: 'resolved',
        alert_counts: { firing: 0, resolved: FOLDED + MORE },
      });
      await thread.expectRoot(isFoldTitle('✅', FOLDED + MORE), { text: `All ${FOLDED + MORE} alerts resolved` });
      expect(await folding()).toEqual({ status: 'up' });
      expect(await gauge()).not.toMatch(/[1-9]/);
    },
    TIMEOUT_MS,
  );

  it(
    'has threads again once fewer incidents are open than MAX_OPEN',
    async () => {
      await send(0, MAX_OPEN, { status: 'resolved' });
      const [result, ...others] = await send(2 * PROBLEMS, 2 * PROBLEMS + 1);
      expect([others, result?.note]).toEqual([[], undefined]);
      expect(result?.incident_id).not.toBe(fold);
      await world.service.until(
        'a new thread',
        async () => (await world.service.get(`/incidents/${result?.incident_id ?? ''}`)).body.thread_ts !== null,
        { timeoutMs: TIMEOUT_MS / 2 },
      );
      expect(world.channel.roots().filter((root) => titleOf(root).includes('folded'))).toHaveLength(1);
      await world.service.stop();
      expect(world.service.log.filter(({ level }) => level >= 50)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describeRedis('problems of one alertname that come to two replicas', () => {
  const FEW_OPEN = 100;
  const SENT = 320;
  let replicas: Replicas;
  afterAll(() => replicas.end());

  it('are counted in one incident of all replicas, also while one of them is killed', async () => {
    replicas = await Replicas.start({ count: 2, settings: { ...NO_PACE, MAX_OPEN: String(FEW_OPEN) } });
    const channel = new SlackChannel(replicas.simulator);
    const results = new Map<number, Result>();
    const post = async (to: ServiceProcess, numbers: readonly number[], options: WideOptions): Promise<void> => {
      const taken = resultsOf(await to.post('/alert', problems(numbers, options)));
      for (const [i, n] of numbers.entries()) results.set(n, taken[i] ?? {});
    };
    const everywhere = async (numbers: readonly number[], options: WideOptions = {}): Promise<void> => {
      for (let at = 0; at < numbers.length; at += 40) {
        const two = [numbers.slice(at, at + 20), numbers.slice(at + 20, at + 40)];
        await Promise.all(two.map((some, n) => post(replicas.at(n), some, options)));
      }
    };
    const all = Array.from({ length: SENT }, (_, n) => n);
    await everywhere(all.slice(0, SENT / 2));
    await replicas.at(1).kill9();
    replicas.startAgain(1);
    await replicas.connected();
    await everywhere(all.slice(SENT / 2));
    await everywhere(all); // again: nothing is counted twice

    const folded = all.filter((n) => results.get(n)?.note === NOTE);
    const folds = [...new Set(folded.map((n) => results.get(n)?.incident_id))];
    expect(folds).toHaveLength(1);
    const [fold] = folds;
    const incidents = await replicas.incidents();
    const own = incidents.filter(({ id }) => id !== fold).length;
    // each replica may be a webhook ahead of what it knows of the other
    expect(own).toBeGreaterThanOrEqual(FEW_OPEN);
    expect(own).toBeLessThanOrEqual(FEW_OPEN + 41);
    expect(incidents.find(({ id }) => id === fold)?.folded?.problems).toBe(SENT - own);
    expect(folded).toHaveLength(SENT - own);
    expect(incidents.reduce((sum, { alert_counts }) => sum + alert_counts.firing, 0)).toBe(SENT);
    const thread = await channel.expectThread(isFoldTitle('⚠️', folded.length));
    expect(thread.text).toContain(`*Alerts:* ${folded.length} firing`);
    for (const service of replicas.all) {
      const { folding } = (await service.get('/health')).body.details as { folding: unknown };
      expect(folding).toMatchObject({ status: 'degraded', worst: [{ problems: folded.length, incident_id: fold }] });
    }

    await everywhere(folded, { status: 'resolved' });
    await thread.expectRoot(isFoldTitle('✅', folded.length), { text: `All ${folded.length} alerts resolved` });
    await replicas.idle();
    expect(channel.roots()).toHaveLength(own + 1);
    expect((await replicas.incidents()).reduce((sum, { alert_counts }) => sum + alert_counts.firing, 0)).toBe(own);
    await replicas.stop();
    expect(replicas.errors).toEqual([]);
  });
});
