import { eventually } from '../support/eventually.js';
import { describeRedis } from '../support/describe-redis.js';
import { databaseDown, TITLE } from '../support/people-world.js';
import { PROMPTLY_MS } from '../support/promptly.js';
import { RedisServer } from '../support/redis-server.js';
import { Replicas } from '../support/replicas.js';
import { endServices, ServiceProcess } from '../support/service-process.js';
import { SlackChannel } from '../support/slack-channel.js';

const AWAY = 6;

const GOOD = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_CHANNEL: 'C0123456789', THREAD_STORE: 'redis' };

const firing = (...instances: string[]) => ({
  status: 'firing',
  alerts: instances.map((instance) => databaseDown(instance)),
});

describeRedis('without Redis', () => {
  let replicas: Replicas;
  afterEach(async () => {
    await (replicas as Replicas | undefined)?.end();
  });

  it.each([
    ['stopped', (redis: RedisServer) => redis.stop(), (redis: RedisServer) => redis.startAgain()],
    [
      'hanging',
      (redis: RedisServer) => {
        redis.pause();
        return Promise.resolve();
      },
      (redis: RedisServer) => {
        redis.resume();
        return Promise.resolve();
      },
    ],
  ])(
    'that is %s alerts are refused at once, people are told, and all goes on when it is back',
    async (_how, takeAway, bringBack) => {
      replicas = await Replicas.start({ count: 2 });
      const { simulator, redis } = replicas;
      const channel = new SlackChannel(simulator);
      const alice = simulator.person('alice');
      const [first, second] = [replicas.at(0), replicas.at(1)];
      await first.post('/alert', firing('db01'));
      const thread = await channel.expectThread(TITLE);
      await thread.offers('incident_ack');
      await replicas.idle();

      await takeAway(redis);
      const times: number[] = [];
      for (let n = 0; n < AWAY; n++) {
        const began = performance.now();
        const answer = await replicas.at(n % 2).post('/alert', firing('db01', 'db02'));
        times.push(performance.now() - began);
        expect(answer.status).toBe(503);
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
        expect(answer.body).toMatchObject({ ok: false, statusCode: 503 });
        expect(answer.text).not.toMatch(/127\.0\.0\.1|redis:\/\//);
      }
      process.stderr.write(`POST /alert refused after ${times.map((ms) => ms.toFixed(0)).join(', ')} ms\n`);
      expect(Math.max(...times)).toBeLessThan(PROMPTLY_MS);
      for (const service of [first, second]) {
        const [health, ready, live] = await Promise.all(
          ['/health', '/health/ready', '/health/live'].map((path) => service.get(path)),
        );
        expect([health?.status, ready?.status, live?.status]).toEqual([503, 503, 200]);
        expect(health?.body).toMatchObject({ status: 'unhealthy', thread_store: 'redis', cached_threads: null });
        expect(health?.body.redis_status).not.toBe('connected');
      }
      // answered, so that no warning sign is shown, and told
      await thread.clicks(alice, 'incident_ack');
      await thread.expectWhisper(alice, /could not be saved\. Please try again/);

      await bringBack(redis);
      const back = performance.now();
      for (const service of [first, second]) {
        await service.until('readiness', async () => (await service.get('/health/ready')).status === 200);
      }
      process.stderr.write(`ready again after ${(performance.now() - back).toFixed(0)} ms\n`);
      expect((await second.post('/alert', firing('db01', 'db02'))).status).toBe(200);
      await thread.expectReply(/db02 joined/);
      await thread.clicks(alice, 'incident_ack');
      await thread.expectReply(`👀 Acknowledged by <@${alice.id}>`);
      await thread.expectRoot(TITLE, { text: /Alerts:\* 2 firing$/m });
      await replicas.idle();
      await channel.expectNothingElse(first);
      expect((await first.get('/health')).body).toMatchObject({ status: 'healthy', redis_status: 'connected' });
      await replicas.stop();
      expect(replicas.errors).toEqual([]);
    },
  );

  it('keeps a form open with what was typed, until it can be saved', async () => {
    replicas = await Replicas.start({ count: 1 });
    const { simulator, redis } = replicas;
    const channel = new SlackChannel(simulator);
    const alice = simulator.person('alice');
    await replicas.at(0).post('/alert', firing('db01'));
    const thread = await channel.expectThread(TITLE);
    await thread.clicks(alice, 'incident_resolve');
    const form = await thread.expectForm(alice, 'Resolve incident');
    await redis.stop();
    await replicas.until('the loss', async () => (await replicas.at(0).get('/health/ready')).status === 503);
    const typed = { action_taken: { action_input: 'restarted the database' } };
    expect(await alice.submits(form, typed)).toMatchObject({ acknowledged: true });
    expect(alice.views).toMatchObject([
      { id: form.id, errors: { action_taken: 'This could not be saved. Please try again in a minute.' } },
    ]);
    await redis.startAgain();
    await replicas.until('readiness', async () => (await replicas.at(0).get('/health/ready')).status === 200);
    await alice.submits(form);
    expect(alice.views).toEqual([]);
    await thread.expectReply(/restarted the database/);
    await replicas.stop();
  });

  it('shows in Slack what was accepted before, once Redis is back', async () => {
    replicas = await Replicas.start({ count: 2 });
    const { simulator, redis } = replicas;
    const channel = new SlackChannel(simulator);
    simulator.faults.add({ kind: 'slow', delayMs: 2_000, accept: 'before', method: 'chat.postMessage' });
    await replicas.at(0).post('/alert', firing('db01'));
    await channel.wait('its post, which is answered late', () => channel.roots().length === 1);
    await redis.stop(); // between the call and its commit
    await eventually('Slack to have answered', () => simulator.calls.some(({ outcome }) => outcome === 'ok'));
    await redis.startAgain();
    const thread = await channel.expectThread(TITLE);
    await replicas.at(1).until('readiness', async () => (await replicas.at(1).get('/health/ready')).status === 200);
    await replicas.at(1).post('/alert', firing('db01', 'db02'));
    await thread.expectReply(/db02 joined/);
    await replicas.idle();
    await channel.expectNothingElse(replicas.at(0));
    await replicas.stop();
  });
});

describeRedis('a start', () => {
  afterEach(endServices);

  const refused = async (url: string): Promise<ServiceProcess> => {
    const service = new ServiceProcess({ env: { ...GOOD, REDIS_URL: url } });
    expect(await service.refusal()).toEqual({ code: 1, signal: null });
    expect(service.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(service.stderr).toMatch(/^alert-threader: .*REDIS_URL/);
    expect(service.stderr).not.toContain('a-password');
    return service;
  };

  it('without Redis, with a wrong password, and with a Redis that hangs ends with one line', async () => {
    const options = [{}, { settings: { requirepass: 'another' } }, {}];
    const servers = await Promise.all(options.map((one) => RedisServer.start(one)));
    const [gone, , hanging] = servers;
    await gone?.stop();
    hanging?.pause();
    const told = await Promise.all(servers.map(({ url }) => refused(url.replace('//', '//:a-password@'))));
    expect(told[0]?.stderr).toBe(
      "alert-threader: can't start: Redis can't be reached (ECONNREFUSED): check REDIS_URL\n",
    );
    expect(told[1]?.stderr).toContain('WRONGPASS');
    expect(told[2]?.stderr).toMatch(/ETIMEDOUT|time_out|no answer/);
    await Promise.all(servers.map((server) => server.dispose()));
  });
});
