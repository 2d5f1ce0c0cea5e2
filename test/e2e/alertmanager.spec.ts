import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { Alertmanager, checkConfig, ensureAlertmanager, EXAMPLE, type PostedAlert } from '../support/alertmanager.js';
import { INSTALL_TIMEOUT_MS } from '../support/debian-package.js';
import { NO_PACE, withSlack } from '../support/service-environment.js';
import { endServices, startService, type ServiceProcess } from '../support/service-process.js';
import { SlackChannel } from '../support/slack-channel.js';

const TOKEN = 'a-token-of-the-webhook';

const alert = (instance: string, ends: 'ends' | 'fires' = 'fires'): PostedAlert => ({
  labels: { alertname: 'DiskFull', severity: 'warning', service: 'shop', cluster: 'east', instance },
  annotations: { summary: 'Disk is full', description: `${instance} has 1 % left` },
  ...(ends === 'ends' ? { endsAt: new Date().toISOString() } : {}),
});

describe('a real Alertmanager with config/alertmanager.example.yml', () => {
  let simulator: Simulator;
  let channel: SlackChannel;
  let alertmanager: Alertmanager | undefined;

  beforeAll(ensureAlertmanager, INSTALL_TIMEOUT_MS);
  beforeEach(async () => {
    simulator = await startSimulator({ pace: 'off' });
    channel = new SlackChannel(simulator);
  });
  afterEach(async () => {
    await alertmanager?.stop();
    await endServices();
    await simulator.close();
  });

  const begin = async (repeat: string, env: Record<string, string> = {}): Promise<[ServiceProcess, Alertmanager]> => {
    const service = await startService({ env: withSlack(simulator, { ...NO_PACE, ...env }) });
    alertmanager = await Alertmanager.start({
      url: `${service.url}/alert`,
      group_wait: '200ms',
      group_interval: '1s',
      repeat_interval: repeat,
    });
    return [service, alertmanager];
  };

  it('has an example that amtool finds no fault with', () => {
    expect(checkConfig(EXAMPLE)).toContain('SUCCESS');
  });

  it('fires, joins, repeats and resolves in one thread', async () => {
    const [threader, sender] = await begin('1s');
    await sender.post(alert('db1'));
    const thread = await channel.expectThread('⚠️ Disk is full');
    await thread.expectRoot('⚠️ Disk is full', { text: '*Instance:* db1', color: '#ECB22E' });
    expect((await threader.get('/cache')).body.threads).toEqual({ 'DiskFull|warning|shop|east|production': thread.ts });

    await sender.post(alert('db1'), alert('db2'));
    await thread.expectReply(/^⚠️ Disk is full\n⚠️ \*db2 joined\*\n/);
    await thread.expectRoot('⚠️ Disk is full', { text: '2 firing, 0 resolved' });

    // an unchanged alert, said again and again, is told in the thread every 4 hours only
    const { sent } = await sender.webhooks();
    await sender.until('two repeats', async () => (await sender.webhooks()).sent >= sent + 2);

    await sender.post(alert('db1', 'ends'), alert('db2'));
    await thread.expectReply(/^✅ db1 resolved, 1 still firing$/);
    await thread.expectRoot('⚠️ Disk is full', { text: '1 firing, 1 resolved' });

    await sender.post(alert('db2', 'ends'));
    await thread.expectReply(/^✅ RESOLVED — Disk is full\n/);
    await thread.expectRoot('✅ Disk is full', { text: 'All 2 alerts resolved', color: '#2EB67D' });
    await channel.expectNothingElse(threader);
    expect((await sender.webhooks()).failed).toBe(0);
    await threader.stop();
  }, 60_000);

  it('is told of a repeat where REPEAT_REPLIES and REPEAT_INTERVAL want it', async () => {
    const [threader, sender] = await begin('2s', { REPEAT_REPLIES: 'always', REPEAT_INTERVAL: '1s' });
    await sender.post(alert('db1'));
    const thread = await channel.expectThread('⚠️ Disk is full');
    await thread.expectReply(/⚠️ Still firing \(1 alert\)/);
    await thread.expectReply(/⚠️ Still firing \(1 alert\)/);
    await threader.stop();
  }, 60_000);

  it('tries again what was not taken', async () => {
    const [threader, sender] = await begin('1h', { WEBHOOK_TOKEN: TOKEN });
    // it has no token yet: 401 is given up at once and sent again with the group's next turn
    await sender.post(alert('db1'));
    await sender.until('a refusal', async () => (await sender.webhooks()).failed >= 1);
    expect(threader.log.some(({ msg, statusCode }) => msg === 'request refused' && statusCode === 401)).toBe(true);
    await channel.expectNothingElse(threader);

    const { port } = new URL(threader.url);
    await threader.stop();
    const again = await startService({ env: withSlack(simulator, { ...NO_PACE, BIND_PORT: port }) });
    await channel.expectThread('⚠️ Disk is full');
    await channel.expectNothingElse(again);
    await again.stop();
  }, 60_000);
});
