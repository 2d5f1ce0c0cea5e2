import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { readFileSync, writeFileSync } from 'node:fs';
import {
  Alertmanager,
  amtool,
  endAlertmanagers,
  EXAMPLE,
  withAuthorization,
  type AlertmanagerOptions,
  type AlertmanagerPrograms,
  type PostedAlert,
} from '../support/alertmanager.js';
import { MailServer } from '../support/mail-server.js';
import { NO_PACE, withSlack } from '../support/service-environment.js';
import { endServices, startService, type ServiceProcess } from '../support/service-process.js';
import { SlackChannel } from '../support/slack-channel.js';
import { TempFolder } from '../support/temp-folder.js';

const TOKEN = 'a-token-of-the-webhook';

const alert = (instance: string, ends: 'ends' | 'fires' = 'fires'): PostedAlert => ({
  labels: { alertname: 'DiskFull', severity: 'warning', service: 'shop', cluster: 'east', instance },
  annotations: { summary: 'Disk is full', description: `${instance} has 1 % left` },
  ...(ends === 'ends' ? { endsAt: new Date().toISOString() } : {}),
});

const OWN: PostedAlert = {
  labels: { alertname: 'AlertThreaderDown', severity: 'critical', service: 'alert-threader' },
  annotations: { summary: 'No Alert Threader answers' },
};

/** What any version of Alertmanager does with the example; call it within `describe`. */
export const tellAlertmanagerStory = (ensure: () => Promise<AlertmanagerPrograms>, ensureTimeoutMs: number): void => {
  let simulator: Simulator;
  let channel: SlackChannel;
  let programs: AlertmanagerPrograms;

  beforeAll(async () => {
    programs = await ensure();
  }, ensureTimeoutMs);
  beforeEach(async () => {
    simulator = await startSimulator({ pace: 'off' });
    channel = new SlackChannel(simulator);
  });
  afterEach(async () => {
    await endAlertmanagers();
    await endServices();
    await simulator.close();
  });

  const begin = async (
    repeat: string,
    env: Record<string, string> = {},
    { smarthost, ...options }: AlertmanagerOptions & { smarthost?: string } = {},
  ): Promise<[ServiceProcess, Alertmanager]> => {
    const service = await startService({ env: withSlack(simulator, { ...NO_PACE, ...env }) });
    const settings = {
      url: `${service.url}/alert`,
      group_wait: '200ms',
      group_interval: '1s',
      repeat_interval: repeat,
      ...(smarthost !== undefined && { smarthost: `${smarthost}\n        require_tls: false` }),
    };
    return [service, await Alertmanager.start(settings, { programs, ...options })];
  };

  it('has an example that amtool finds no fault with, also with a token', () => {
    expect(amtool(programs, 'check-config', EXAMPLE)).toContain('SUCCESS');
    const folder = new TempFolder();
    try {
      const changed = folder.file('alertmanager.yml');
      const example = readFileSync(EXAMPLE, 'utf8');
      writeFileSync(changed, withAuthorization(example, folder.file('token')));
      expect(amtool(programs, 'check-config', changed)).toContain('SUCCESS');
      writeFileSync(changed, example.replace('group_wait: 10s', 'group_wait: soon'));
      expect(() => amtool(programs, 'check-config', changed)).toThrow(/failed to validate/);
    } finally {
      folder.remove();
    }
  });

  it.each([
    [['alertname=DiskFull', 'severity=critical'], 'alert-threader'],
    [['alertname=AlertThreaderDown', 'severity=critical'], 'on-call-without-slack,alert-threader'],
    [['alertname=AlertThreaderSocketDown', 'severity=warning'], 'alert-threader'],
  ])('sends %j to %s', (labels, receivers) => {
    const routes = amtool(programs, 'config', 'routes', 'test', `--config.file=${EXAMPLE}`, ...labels);
    expect(routes.trim()).toBe(receivers);
  });

  it('fires, joins, repeats and resolves in one thread', async () => {
    const [threader, sender] = await begin('1s');
    await sender.post(alert('db1'));
    const thread = await channel.expectThread('⚠️ Disk is full');
    await thread.expectRoot('⚠️ Disk is full', { text: '*Instance:* db1', color: '#ECB22E' });
    expect((await threader.get('/cache')).body.threads).toEqual({ 'DiskFull|warning|shop|east|production': thread.ts });

    await sender.post(alert('db1'), alert('db2'));
    await thread.expectReply(/^⚠️ Disk is full\n⚠️ \*db2 joined\*\n/);
    await thread.expectRoot('⚠️ Disk is full', { text: /Alerts:\* 2 firing$/m });

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
  });

  it('is told of a repeat where REPEAT_REPLIES and REPEAT_INTERVAL want it', async () => {
    const [threader, sender] = await begin('2s', { REPEAT_REPLIES: 'always', REPEAT_INTERVAL: '1s' });
    await sender.post(alert('db1'));
    const thread = await channel.expectThread('⚠️ Disk is full');
    await thread.expectReply(/⚠️ Still firing \(1 alert\)/);
    await thread.expectReply(/⚠️ Still firing \(1 alert\)/);
    await threader.stop();
  });

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
  });

  it('is let in with the token that the example reads from a file', async () => {
    const [threader, sender] = await begin('1h', { WEBHOOK_TOKEN: TOKEN }, { webhookToken: TOKEN });
    await sender.post(alert('db1'));
    await channel.expectThread('⚠️ Disk is full');
    await channel.expectNothingElse(threader);
    expect((await sender.webhooks()).failed).toBe(0);
    await threader.stop();
  });

  it('says by mail that the service is away, and in Slack when it is back', async () => {
    const mail = await MailServer.start();
    try {
      const [threader, sender] = await begin('1h', {}, { smarthost: mail.address });
      const { port } = new URL(threader.url);
      await threader.stop();
      await sender.post(OWN);
      await sender.until('a mail', () => Promise.resolve(mail.mails.length > 0));
      expect(mail.mails[0]).toMatch(/^Subject: .*AlertThreaderDown/m);

      const again = await startService({ env: withSlack(simulator, { ...NO_PACE, BIND_PORT: port }) });
      await channel.expectThread('🚨 No Alert Threader answers');
      await again.stop();
    } finally {
      await mail.stop();
    }
  });
};
