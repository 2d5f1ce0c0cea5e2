import { monitorEventLoopDelay } from 'node:perf_hooks';
import { channelAsText, messageText } from '../../simulator/workspace/as-text.js';
import { describeRedis } from '../support/describe-redis.js';
import { doublesIn, repliesOf, rootsOf, standing } from '../support/operations.js';
import { databaseDown, TITLE } from '../support/people-world.js';
import { Replicas } from '../support/replicas.js';
import { seconds } from '../support/seconds.js';
import type { ServiceProcess } from '../support/service-process.js';
import { CHANNEL, SlackChannel } from '../support/slack-channel.js';

const WEBHOOKS = 200;
const JOINS = 10;
const SLOW = 4;
/** Slack takes 5 posts a second in a workspace, 1 in a channel: so many are as fast as one workspace can be. */
const CHANNELS = Array.from({ length: 6 }, (_, i) => ({ id: `C0TEAM0000${i}`, name: `team-${i}` }));
const MOST_REFUSED = 2;
/** Calls that keep their distance when they leave do not arrive so, where a process waits this long for a processor. */
const STARVED_S = 0.5;

const webhook = (n: number, ...instances: string[]) => ({
  version: '4',
  status: 'firing',
  groupKey: `{}:{alertname="Everywhere${n}"}`,
  alerts: instances.map((instance) => ({
    status: 'firing',
    labels: { alertname: `Everywhere${n}`, severity: 'warning', instance },
    annotations: { summary: `Trouble everywhere ${n}` },
    startsAt: '2024-01-15T14:30:25Z',
    endsAt: '0001-01-01T00:00:00Z',
  })),
});

/** Since it was asked last: how long its event loop stood still at most, in seconds. */
const longestLag = async (service: ServiceProcess): Promise<number> => {
  const { text } = await service.get('/metrics');
  return Number(/^nodejs_eventloop_lag_max_seconds\S* (\S+)$/m.exec(text)?.[1]);
};

describeRedis('three replicas', () => {
  let replicas: Replicas;
  afterEach(() => replicas.end());

  /** To all replicas at the same moment. */
  const toAll = async (path: string, body: object): Promise<void> => {
    const answers = await Promise.all(replicas.all.map((service) => service.post(path, body)));
    expect(answers.map(({ status }) => status)).toEqual(replicas.all.map(() => 200));
  };

  /** Three replicas, of which each gets the next envelope, and an incident that one of them was told of. */
  const incidentTakenBy = async (replica: number) => {
    let turn = 0;
    replicas = await Replicas.start({
      simulated: { pace: 'off', sockets: { random: () => ((turn++ % 3) + 0.5) / 3 } },
    });
    const { simulator } = replicas;
    const channel = new SlackChannel(simulator);
    await replicas.at(replica).post('/alert', { status: 'firing', alerts: [databaseDown()] });
    const thread = await channel.expectThread(TITLE);
    return { simulator, channel, thread, alice: simulator.person('alice'), bob: simulator.person('bob') };
  };

  it(`make ${WEBHOOKS} threads out of ${WEBHOOKS} webhooks that all of them get, at Slack's pace`, async () => {
    replicas = await Replicas.start({ simulated: { pace: 'slack', channels: CHANNELS }, settings: {} });
    const { simulator } = replicas;
    const ids = CHANNELS.map(({ id }) => id);
    const pathOf = (n: number): string => `/alert?channel=${ids[n % ids.length] ?? ''}`;
    const numbers = Array.from({ length: WEBHOOKS }, (_, n) => n);
    const monitor = monitorEventLoopDelay();
    monitor.enable();
    const began = performance.now();
    await Promise.all(numbers.map((n) => toAll(pathOf(n), webhook(n, 'host1'))));
    const taken = performance.now();
    const messages = () => standing(simulator, ids);
    await replicas.until(`${WEBHOOKS} roots`, () => rootsOf(messages()).length >= WEBHOOKS, {
      timeoutMs: 75_000,
      instead: () => `${rootsOf(messages()).length} roots`,
    });
    const shown = performance.now();
    await Promise.all(numbers.slice(0, JOINS).map((n) => toAll(pathOf(n), webhook(n, 'host1', 'host2'))));
    await replicas.until(`${JOINS} replies`, () => repliesOf(messages()).length >= JOINS);
    await replicas.idle();
    const lag = Math.max(monitor.max / 1e9, ...(await Promise.all(replicas.all.map(longestLag))));
    monitor.disable();
    await replicas.stop();

    const refused = simulator.calls.filter(({ outcome }) => outcome === 'ratelimited');
    const posts = simulator.calls.filter(({ method }) => method === 'chat.postMessage');
    process.stderr.write(
      `three replicas: ${WEBHOOKS * 3} webhooks taken in ${seconds(taken - began)}, ` +
        `${rootsOf(messages()).length} roots after ${seconds(shown - began)}, ${repliesOf(messages()).length} replies, ` +
        `${posts.length} posts, ${refused.length} answered 429, longest lag ${seconds(lag * 1_000)}\n`,
    );
    expect(rootsOf(messages())).toHaveLength(WEBHOOKS);
    expect(doublesIn(messages())).toEqual([]);
    const joined = repliesOf(messages()).map(messageText);
    expect(joined.filter((text) => /host2 joined/.test(text))).toHaveLength(JOINS);
    expect(joined).toHaveLength(JOINS);
    expect(refused.length).toBeLessThanOrEqual(lag < STARVED_S ? MOST_REFUSED : CHANNELS.length * Math.ceil(lag));
    expect(replicas.errors).toEqual([]);
  });

  it('leave a thread to the one that works on it, however slow Slack is', async () => {
    replicas = await Replicas.start();
    const { simulator } = replicas;
    // longer than a lost call is waited for, which is then searched for
    const slow = { kind: 'slow', times: Infinity, method: 'chat.postMessage', delayMs: 4_000 } as const;
    simulator.faults.add({ ...slow, accept: 'after' });
    const messages = () => standing(simulator, [CHANNEL]);
    const numbers = Array.from({ length: SLOW }, (_, n) => n);
    for (const instances of [['host1'], ['host1', 'host2']]) {
      await Promise.all(numbers.map((n) => toAll('/alert', webhook(n, ...instances))));
      await replicas.until('a message each', () => messages().length === SLOW * instances.length);
    }
    await replicas.idle();
    await replicas.stop();
    const calls = (method: RegExp) => simulator.calls.filter((call) => method.test(call.method));
    expect(doublesIn(messages())).toEqual([]);
    expect(calls(/postMessage/)).toHaveLength(SLOW * 2);
    expect(calls(/conversations\.(history|replies)|chat\.delete/)).toEqual([]);
    expect(replicas.errors).toEqual([]);
  });

  it('take clicks wherever they land, and show Redis', async () => {
    const { channel, thread, alice, bob } = await incidentTakenBy(0);
    for (const person of [alice, bob, alice]) {
      await thread.clicks(person, 'incident_ack');
      await thread.expectReply(`👀 Acknowledged by <@${person.id}>`);
      await thread.clicks(person, 'incident_unack');
      await thread.expectReply(`Unacknowledged by <@${person.id}>`);
    }
    await replicas.idle();
    await channel.expectNothingElse(replicas.at(2));
    const envelopes = await replicas.stats(({ socket }) => socket.last_envelope_at as string | null);
    expect(envelopes).not.toContain(null);

    for (const service of replicas.all) {
      const stats = await service.get('/stats');
      expect(stats.body).toMatchObject({
        cached_threads: 1,
        thread_store: 'redis',
        incidents: { firing: 1 },
        redis: {
          connected_clients: expect.any(Number) as number,
          used_memory_human: expect.stringMatching(/^[\d.]+[BKMG]$/) as string,
          keyspace_hits: expect.any(Number) as number,
          keyspace_misses: expect.any(Number) as number,
        },
      });
      expect(stats.body.redis.connected_clients).toBeGreaterThanOrEqual(3);
      const health = await service.get('/health');
      expect(health.status).toBe(200);
      expect(health.body).toMatchObject({ status: 'healthy', thread_store: 'redis', redis_status: 'connected' });
    }
    await replicas.stop();
    expect(replicas.errors).toEqual([]);
  });

  it.each([
    ['with the same envelope id', false],
    ['with new envelope ids', true],
  ])('act once on a click and on a reaction that come to each of them, %s', async (_how, newIds) => {
    const { simulator, channel, thread, alice, bob } = await incidentTakenBy(1);
    const reachedAll = async (): Promise<void> => {
      const envelope = simulator.sockets.envelopes.at(-1);
      await channel.wait('an acknowledgement of each', () => envelope?.attempts[0]?.acknowledgements.length === 3);
      expect(new Set(envelope?.attempts[0]?.connections).size).toBe(3);
    };
    simulator.faults.add({ kind: 'duplicate', copies: 2, newIds });
    await thread.clicks(alice, 'incident_ack');
    await thread.expectReply(`👀 Acknowledged by <@${alice.id}>`);
    await reachedAll();
    await thread.clicks(alice, 'incident_unack');
    await thread.expectReply(`Unacknowledged by <@${alice.id}>`);
    simulator.faults.add({ kind: 'duplicate', copies: 2, newIds });
    await thread.reacts(bob, 'eyes');
    await thread.expectReply(`👀 Acknowledged by <@${bob.id}>`);
    await reachedAll();
    await replicas.idle();
    await channel.expectNothingElse(replicas.at(0));
    const [incident] = await replicas.incidents();
    expect(incident?.timeline.map(({ kind }) => kind)).toEqual([
      'opened',
      'acknowledged',
      'unacknowledged',
      'acknowledged',
    ]);
    expect(doublesIn(standing(simulator, [CHANNEL]))).toEqual([]);
    expect([...alice.ephemerals, ...bob.ephemerals]).toEqual([]);
    expect(channelAsText(simulator.workspace, CHANNEL)).not.toContain('possible duplicate');
    await replicas.stop();
    expect(replicas.errors).toEqual([]);
  });
});
