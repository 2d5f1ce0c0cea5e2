import { execFileSync } from 'node:child_process';
import { BOT } from '../../simulator/workspace/user.js';
import { ensureDebianPackage } from '../support/debian-package.js';
import { describeRedis } from '../support/describe-redis.js';
import { Replicas } from '../support/replicas.js';
import { NO_PACE, withSlack } from '../support/service-environment.js';
import { startService } from '../support/service-process.js';
import { CHANNEL, SlackChannel } from '../support/slack-channel.js';

const KEY = 'TestCritical|critical|database|production|production';
const TITLE = '🚨 Database Critical Failure';
const TS = /^\d{10}\.\d{6}$/;

const alertOf = (instance: string, labels: object = {}) => ({
  labels: {
    alertname: 'TestCritical',
    severity: 'critical',
    service: 'database',
    cluster: 'production',
    instance,
    ...labels,
  },
  annotations: { summary: 'Database Critical Failure', description: 'MySQL connection completely failed' },
  startsAt: '2024-01-15T14:30:25Z',
});
const firing = (...instances: string[]) => ({ status: 'firing', alerts: instances.map((one) => alertOf(one)) });
const resolved = (...instances: string[]) => ({
  status: 'resolved',
  alerts: instances.map((one) => ({ ...alertOf(one), endsAt: '2024-01-15T14:45:30Z' })),
});

describeRedis('what the first version promised of Redis', () => {
  let replicas: Replicas;
  let redisCli: string;
  /** What redis-cli says to these words, or to these lines. */
  const cli = (...words: string[]): string =>
    execFileSync(redisCli, ['-u', replicas.redis.url, ...words], { encoding: 'utf8' }).trim();
  const cliReads = (input: string): string =>
    execFileSync(redisCli, ['-u', replicas.redis.url], { encoding: 'utf8', input }).trim();

  const start = async (count = 1): Promise<SlackChannel> => {
    replicas = await Replicas.start({ count, settings: { WEBHOOK_WAIT: '5s' } });
    redisCli = await ensureDebianPackage('redis-cli', ['redis-tools']);
    return new SlackChannel(replicas.simulator);
  };
  afterEach(() => replicas.end());

  it('redis-cli lists the threads and tells their ts', async () => {
    const channel = await start();
    const answer = await replicas.at(0).post('/alert', firing('db01.example.com'));
    expect(answer.body).toMatchObject({ ok: true, count: 1, thread_store: 'redis', results: [{ key: KEY }] });
    const { ts } = await channel.expectThread(TITLE);
    expect(answer.body.results[0].thread_ts).toBe(ts);
    expect(ts).toMatch(TS);
    expect(cli('keys', 'threader:ts:*')).toBe(`threader:ts:${KEY}`);
    expect(cli('get', `threader:ts:${KEY}`)).toBe(ts);

    const payments = { status: 'firing', alerts: [alertOf('db01', { slack_channel: 'C0PAYMENTS' })] };
    await replicas.at(0).post('/alert', payments);
    expect(cli('keys', 'threader:ts:*').split('\n').sort()).toEqual([
      `threader:ts:${KEY}`,
      `threader:ts:${KEY}@C0PAYMENTS`,
    ]);
    expect(cli('get', `threader:ts:${KEY}@C0PAYMENTS`).trim()).toMatch(TS);
    const cache = await replicas.at(0).get('/cache');
    expect(cache.body).toMatchObject({ cached_threads: 2, thread_store: 'redis' });
    expect(Object.keys(cache.body.threads).sort()).toEqual([KEY, `${KEY}@C0PAYMENTS`]);

    const cleared = await fetch(`${replicas.at(0).url}/cache`, { method: 'DELETE' });
    expect(await cleared.json()).toMatchObject({ cleared: 2 });
    expect(cli('keys', 'threader:ts:*')).toBe('');
    await replicas.stop();
  });

  it("goes on in the earlier version's threads", async () => {
    const channel = await start(2);
    const { simulator } = replicas;
    const old = simulator.workspace.post({
      channel: CHANNEL,
      user: BOT.user,
      bot_id: BOT.bot,
      text: 'Database Critical Failure, as the earlier version showed it',
      blocks: [],
      attachments: [],
    });
    cli('set', `threader:ts:${KEY}`, old.ts);
    channel.take(old);
    const before = JSON.stringify(channel.roots());
    const answer = await replicas.at(0).post('/alert', firing('db01'));
    expect(answer.body.results).toMatchObject([{ key: KEY, thread_ts: old.ts }]);
    await channel.wait('a reply there', () => channel.replies(old.ts).length === 1);
    expect(cli('get', `threader:ts:${KEY}`)).toBe(old.ts);

    await replicas.at(1).post('/alert', resolved('db01'));
    await channel.wait('its end there', () => channel.replies(old.ts).length === 2);
    for (const reply of channel.replies(old.ts)) channel.take(reply);
    await replicas.idle();
    await channel.expectNothingElse(replicas.at(0));
    // a root of the earlier version is not ours to edit
    const untouched = (text: string): unknown => (JSON.parse(text) as { text: string }[]).map(({ text: said }) => said);
    expect(untouched(JSON.stringify(channel.roots()))).toEqual(untouched(before));
    await replicas.stop();
    expect(replicas.errors).toEqual([]);
  });

  it('goes on in the threads of the file store, as the README says how', async () => {
    const channel = await start(1);
    const { simulator } = replicas;
    const before = await startService({ env: withSlack(simulator, { ...NO_PACE, WEBHOOK_WAIT: '5s' }) });
    await before.post('/alert', firing('db01'));
    const thread = await channel.expectThread(TITLE);
    const { threads } = (await before.get('/cache')).body as { threads: Record<string, string> };
    await before.stop();
    const lines = Object.entries(threads).map(([key, ts]) => `SET ${JSON.stringify(`threader:ts:${key}`)} ${ts}`);
    expect(cliReads(lines.join('\n'))).toBe('OK');

    const answer = await replicas.at(0).post('/alert', firing('db01'));
    expect(answer.body.results).toMatchObject([{ key: KEY, thread_ts: thread.ts }]);
    await channel.wait('the thread to go on', () => thread.replies.length === 1);
    expect(channel.roots()).toHaveLength(1);
    await replicas.stop();
  });

  it('forgets everything after `redis-cli flushdb`, and works on', async () => {
    const channel = await start(2);
    await replicas.at(0).post('/alert', firing('db01'));
    const first = await channel.expectThread(TITLE);
    await replicas.idle();
    expect(cli('flushdb')).toBe('OK');

    for (const service of replicas.all) {
      expect((await service.get('/cache')).body).toMatchObject({ cached_threads: 0, threads: {} });
      expect((await service.get('/health')).body).toMatchObject({ status: 'healthy' });
    }
    await replicas.at(1).post('/alert', firing('db01'));
    const second = await channel.expectThread(TITLE);
    expect(second.ts).not.toBe(first.ts);
    await replicas.at(0).post('/alert', firing('db01', 'db02'));
    await second.expectReply(/db02 joined/);
    await replicas.at(1).post('/alert', resolved('db01', 'db02'));
    await second.expectReply(/^✅ RESOLVED/);
    await replicas.idle();
    await channel.expectNothingElse(replicas.at(0));
    expect(first.replies).toEqual([]);
    await replicas.stop();
    expect(replicas.errors).toEqual([]);
  });
});
