import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { percentile } from '../support/percentile.js';
import { NO_PACE, withSlack } from '../support/service-environment.js';
import { endServices, startService, type ServiceProcess } from '../support/service-process.js';
import { CHANNEL, SlackChannel, titleOf } from '../support/slack-channel.js';

const ALERTS = 50;
const OVER_MEANWHILE = 20;
const AWAY_MS = 8_000;
const TITLE = 'Everything is slow';

const webhook = (n: number, ends = false) => ({
  version: '4',
  status: ends ? 'resolved' : 'firing',
  groupKey: `{}:{alertname="Storm${n}"}`,
  alerts: [
    {
      status: ends ? 'resolved' : 'firing',
      labels: { alertname: `Storm${n}`, severity: 'warning', instance: `host${n}` },
      annotations: { summary: `${TITLE} ${n}` },
      startsAt: '2024-01-15T14:30:25Z',
      endsAt: ends ? '2024-01-15T14:45:30Z' : '0001-01-01T00:00:00Z',
    },
  ],
});

describe('a Slack that is away in a storm', () => {
  let simulator: Simulator;
  let service: ServiceProcess;

  beforeAll(async () => {
    simulator = await startSimulator({ pace: 'off' });
    service = await startService({ env: withSlack(simulator, { ...NO_PACE, WEBHOOK_WAIT: '0' }) });
  });
  afterAll(async () => {
    await endServices();
    await simulator.close();
  });

  it('does not hold up webhooks, and afterwards everything is shown, with one card for what was over', async () => {
    const { faults } = simulator;
    const times: number[] = [];
    const send = async (body: object): Promise<void> => {
      const began = performance.now();
      const { status } = await service.post('/alert', body);
      times.push(performance.now() - began);
      expect(status).toBe(200);
    };
    await send(webhook(0));
    await send(webhook(0, true));
    await service.until('the first thread to be over', () =>
      simulator.workspace.messages(CHANNEL).some((root) => titleOf(root) === `✅ ${TITLE} 0`),
    );
    times.length = 0;

    // first it hangs; then nobody listens, which cuts what hung
    const began = performance.now();
    const hanging = faults.add({ kind: 'hang', times: Infinity });
    for (let n = 1; n <= ALERTS / 2; n++) await send(webhook(n));
    await service.until('calls that hang', () => hanging.hits >= 4 && performance.now() - began > AWAY_MS / 2);
    const refused = faults.add({ kind: 'refused' });
    await hanging.remove();
    for (let n = ALERTS / 2 + 1; n <= ALERTS; n++) await send(webhook(n));
    for (let n = 1; n <= OVER_MEANWHILE; n++) await send(webhook(n, true));
    const repeats = () => performance.now() - began < AWAY_MS;
    for (let n = OVER_MEANWHILE + 1; repeats(); n = n === ALERTS ? OVER_MEANWHILE + 1 : n + 1) await send(webhook(n));
    expect((await service.get('/health')).status).toBe(200);
    expect((await service.get('/health/ready')).status).toBe(200);
    await refused.remove();

    const channel = new SlackChannel(simulator);
    const wrong = (): string[] =>
      Array.from({ length: ALERTS }, (_, i) => i + 1).flatMap((n) => {
        const emoji = n <= OVER_MEANWHILE ? '✅' : '⚠️';
        const titles = channel.roots().map(titleOf);
        const shown = titles.filter((title) => title.endsWith(` ${TITLE} ${n}`));
        return shown.length === 1 && shown[0]?.startsWith(emoji) ? [] : [`${n}: ${shown.join(', ') || 'not shown'}`];
      });
    await service.until('everything to be shown', () => wrong().length === 0, {
      instead: () => wrong().join('\n'),
    });
    await service.idle();
    const [median, p99] = [percentile(times, 50), percentile(times, 99)];
    process.stderr.write(
      `POST /alert while Slack is away: ${times.length} webhooks, p50 ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms\n`,
    );
    expect(median).toBeLessThan(50);
    expect(wrong()).toEqual([]);
    expect(channel.roots()).toHaveLength(ALERTS + 1);
    for (const root of channel.roots()) {
      // what hung may have been sent before it was over: then there is its card too, but nothing beyond
      expect(channel.replies(root.ts).length).toBeLessThanOrEqual(titleOf(root).startsWith('✅') ? 1 : 0);
    }
    await service.stop();
  });
});
