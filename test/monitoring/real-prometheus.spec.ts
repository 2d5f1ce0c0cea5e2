import { describeRedis } from '../support/describe-redis.js';
import { INSTALL_TIMEOUT_MS } from '../support/debian-package.js';
import { databaseDown, isOver, TITLE } from '../support/people-world.js';
import { Replicas } from '../support/replicas.js';
import { SlackChannel } from '../support/slack-channel.js';
import { allQueries, asked } from './dashboard-file.js';
import { Prometheus } from './prometheus.js';
import { ensurePromtool } from './promtool.js';

/** Panels of what has not happened in the test have no line, or one that is not a number. */
const MAY_BE_EMPTY = ['429s by method'];

describeRedis('a real Prometheus with the alerts and the dashboard', () => {
  let replicas: Replicas;
  let prometheus: Prometheus;

  beforeAll(ensurePromtool, INSTALL_TIMEOUT_MS);
  beforeEach(async () => {
    replicas = await Replicas.start({ count: 2 });
    prometheus = await Prometheus.start([replicas.at(0).url, replicas.at(1).url]);
    await prometheus.until('both replicas to be ready', async () => {
      const [ready] = await prometheus.query('sum(alert_threader_store_up) + sum(alert_threader_socket_connected)');
      return ready?.value[1] === '4';
    });
  });
  afterEach(async () => {
    await (prometheus as Prometheus | undefined)?.stop();
    await (replicas as Replicas | undefined)?.end();
  });

  it('has a figure for every query of the dashboard, and nothing to complain of, on a day with a problem', async () => {
    const { simulator } = replicas;
    const channel = new SlackChannel(simulator);
    const alice = simulator.person('alice');
    await replicas.at(0).post('/alert', { status: 'firing', alerts: [databaseDown()] });
    const thread = await channel.expectThread(TITLE);
    await thread.clicks(alice, 'incident_ack');
    await thread.expectReply(/Acknowledged by/);
    await replicas.at(1).post('/alert', { status: 'resolved', alerts: [databaseDown('db01', isOver)] });
    await thread.expectReply(/RESOLVED/);

    const empty = async (): Promise<string[]> => {
      const found = await Promise.all(
        allQueries().map(async ({ panel, expr }) => {
          // what happened in the last seconds is seen in ranges that reach back behind the first scrape
          const samples = await prometheus.query(asked(expr));
          return samples.some(({ value: [, text] }) => text !== 'NaN') ? [] : [panel];
        }),
      );
      return found.flat().filter((panel) => !MAY_BE_EMPTY.includes(panel));
    };
    await prometheus.until('every panel to show something', async () => (await empty()).length === 0);
    expect(await prometheus.query('ALERTS{alertstate="firing"}')).toEqual([]);
  });

  it('wakes somebody while Redis is away, and no longer when it is back', async () => {
    await replicas.redis.stop();
    for (let n = 0; n < 5; n++) {
      expect((await replicas.at(0).post('/alert', { alerts: [databaseDown()] })).status).toBe(503);
    }
    await prometheus.untilFiring(
      'AlertThreaderNotReady',
      'AlertThreaderStoreFailing',
      'AlertThreaderWebhooksRefused',
      'AlertThreaderEveryWebhookRefused',
    );
    const waiting = asked(allQueries().find(({ panel }) => panel === 'Oldest waiting')?.expr ?? '');
    expect(await prometheus.query(waiting)).toEqual([]); // unknown, which is not 0
    await replicas.redis.startAgain();
    await prometheus.untilOver('AlertThreaderNotReady');
    await prometheus.until('what waits to be known', async () => (await prometheus.query(waiting)).length === 1);
  });

  it('tells of a Slack that refuses messages', async () => {
    replicas.simulator.faults.add({ kind: 'error', code: 'invalid_blocks', method: 'chat.postMessage', times: 4 });
    const alerts = [1, 2, 3, 4].map((n) => databaseDown(`db0${n}`, { labels: { alertname: `Refused${n}` } }));
    expect((await replicas.at(0).post('/alert', { alerts })).status).toBe(200);
    await prometheus.untilFiring('AlertThreaderSlackRefusesMessages');
  });

  it('tells of one replica that is gone, and wakes somebody when none is left', async () => {
    await replicas.at(0).stop();
    await prometheus.untilFiring('AlertThreaderReplicaDown');
    expect(await prometheus.firing()).not.toContain('AlertThreaderDown');
    await replicas.at(1).stop();
    await prometheus.untilFiring('AlertThreaderDown');
  });
});
