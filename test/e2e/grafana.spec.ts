import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { parseDuration } from '../../src/config/duration.js';
import { NO_PACE, withSlack } from '../support/service-environment.js';
import { endServices, startService, type ServiceProcess } from '../support/service-process.js';
import { SlackChannel } from '../support/slack-channel.js';

const EXAMPLE = join(__dirname, '../../config/grafana-contact-point.example.yaml');
const TOKEN = 'a-token-of-the-webhook';
const VARIABLE = 'ALERT_THREADER_WEBHOOK_TOKEN';

/** Keys as in Grafana's documentation, "Create and manage alerting resources using file provisioning". */
const KEYS = {
  contactPoint: ['orgId', 'name', 'receivers'],
  receiver: ['uid', 'type', 'disableResolveMessage', 'settings'],
  settings: [
    'url',
    'httpMethod',
    'username',
    'password',
    'authorization_scheme',
    'authorization_credentials',
    'maxAlerts',
    'title',
    'message',
  ],
  policy: ['orgId', 'receiver', 'group_by', 'group_wait', 'group_interval', 'repeat_interval'],
};

interface Receiver {
  readonly type: string;
  readonly disableResolveMessage: boolean;
  readonly settings: Readonly<Record<string, string>>;
}

interface Provisioned {
  readonly apiVersion: number;
  readonly contactPoints: readonly { readonly name: string; readonly receivers: readonly [Receiver] }[];
  readonly policies?: readonly Readonly<Record<string, unknown>>[];
}

const text = readFileSync(EXAMPLE, 'utf8');
const whole = load(text.replace(/^# policies:\n(?:# .*\n)+/m, (lines) => lines.replace(/^# /gm, ''))) as Provisioned;
const [contactPoint] = whole.contactPoints;

/** A webhook as Grafana's documentation shows it; there is no Grafana to be had by apt or npm that would send one. */
const webhook = (status: 'firing' | 'resolved'): object => ({
  receiver: 'alert-threader',
  status,
  orgId: 1,
  alerts: [
    {
      status,
      labels: { alertname: 'High memory usage', grafana_folder: 'Shop', severity: 'warning', zone: 'us-1' },
      annotations: { summary: 'Memory is nearly full', runbook_url: 'https://runbooks.example.com/memory' },
      startsAt: '2024-01-15T09:51:03.157076+02:00',
      endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : '2024-01-15T10:51:03.157076+02:00',
      generatorURL: 'https://grafana.example.com/alerting/1afz29v7z/edit',
      fingerprint: 'c6eadffa33fcdf37',
      silenceURL: 'https://grafana.example.com/alerting/silence/new?alertmanager=grafana',
      dashboardURL: '',
      panelURL: '',
      values: { B: 44.23943737541908, C: 1 },
      valueString: "[ var='B' labels={} value=44.23943737541908 ]",
    },
  ],
  groupLabels: { alertname: 'High memory usage' },
  commonLabels: { alertname: 'High memory usage', zone: 'us-1' },
  commonAnnotations: {},
  externalURL: 'https://grafana.example.com/',
  version: '1',
  groupKey: '{}:{alertname="High memory usage"}',
  truncatedAlerts: 0,
  title: '[FIRING:1] High memory usage',
  state: status === 'firing' ? 'alerting' : 'ok',
  message: '**Firing**\n\nValue: B=44.2',
});

describe('config/grafana-contact-point.example.yaml', () => {
  it('has what Grafana knows, and no token', () => {
    expect(whole.apiVersion).toBe(1);
    expect(whole.contactPoints).toHaveLength(1);
    expect(KEYS.contactPoint).toEqual(expect.arrayContaining(Object.keys(contactPoint ?? {})));
    const [receiver] = contactPoint?.receivers ?? [];
    expect(receiver).toMatchObject({ type: 'webhook', disableResolveMessage: false });
    expect(KEYS.receiver).toEqual(expect.arrayContaining(Object.keys(receiver ?? {})));
    expect(KEYS.settings).toEqual(expect.arrayContaining(Object.keys(receiver?.settings ?? {})));
    expect(receiver?.settings['authorization_credentials']).toBe(`$${VARIABLE}`);
  });

  it('has a policy, which takes effect only where somebody wants it to', () => {
    expect((load(text) as Provisioned).policies).toBeUndefined();
    const [policy = {}, ...others] = whole.policies ?? [];
    expect(others).toEqual([]);
    expect(policy['receiver']).toBe(contactPoint?.name);
    expect(KEYS.policy).toEqual(expect.arrayContaining(Object.keys(policy)));
    for (const time of ['group_wait', 'group_interval', 'repeat_interval']) {
      expect(parseDuration(String(policy[time]))).toBeGreaterThan(0);
    }
  });

  describe('and the service', () => {
    let simulator: Simulator;
    let threader: ServiceProcess;

    beforeEach(async () => {
      simulator = await startSimulator({ pace: 'off' });
      threader = await startService({ env: withSlack(simulator, { ...NO_PACE, WEBHOOK_TOKEN: TOKEN }) });
    });
    afterEach(async () => {
      await endServices();
      await simulator.close();
    });

    /** As Grafana does it with these settings, where the variable has this value. */
    const send = (body: object, token: string) => {
      const {
        url = '',
        httpMethod,
        authorization_scheme,
        authorization_credentials,
      } = contactPoint?.receivers[0].settings ?? {};
      expect(httpMethod).toBe('POST');
      const credentials = authorization_credentials?.replace(`$${VARIABLE}`, token);
      return threader.post(new URL(url).pathname, body, { authorization: `${authorization_scheme} ${credentials}` });
    };

    it('make a thread of what Grafana sends, and end it', async () => {
      const channel = new SlackChannel(simulator);
      expect((await send(webhook('firing'), 'another')).status).toBe(401);
      const answer = await send(webhook('firing'), TOKEN);
      expect(answer).toMatchObject({ status: 200, body: { ok: true, count: 1, results: [{ severity: 'warning' }] } });
      const thread = await channel.expectThread('⚠️ Memory is nearly full');
      expect((await send(webhook('resolved'), TOKEN)).status).toBe(200);
      await thread.expectReply(/^✅ RESOLVED — Memory is nearly full\n/);
      await channel.expectNothingElse(threader);
      await threader.stop();
    });
  });
});
