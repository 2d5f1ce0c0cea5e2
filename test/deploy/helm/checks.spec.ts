import { refusal, render, template } from './chart.js';
import { describeHelm } from './describe-helm.js';

const REDIS = { threadStore: 'redis', secrets: { REDIS_URL: 'redis://redis:6379/0' } };

describeHelm('values that can not be used', () => {
  it.each([
    ['no channel', { config: { SLACK_CHANNEL: '' } }, 'config.SLACK_CHANNEL is missing: set the id'],
    [
      'no bot token',
      { secrets: { SLACK_BOT_TOKEN: '' } },
      'secrets.SLACK_BOT_TOKEN is missing: set it, or existingSecret',
    ],
    [
      'two replicas on a file',
      { replicaCount: 2 },
      'replicaCount is 2, and a file store takes one process: set replicaCount to 1, or threadStore to redis',
    ],
    [
      'autoscaling on a file',
      { autoscaling: { enabled: true } },
      'autoscaling.enabled starts more pods, and a file store takes one process',
    ],
    [
      'Redis without an address',
      { threadStore: 'redis' },
      'threadStore is redis and secrets.REDIS_URL is missing: set it',
    ],
    [
      'an address of Redis for a file store',
      { secrets: REDIS.secrets },
      'secrets.REDIS_URL is set, and threadStore is file',
    ],
    [
      'a Secret twice',
      { existingSecret: 'tokens' },
      'existingSecret is set, so secrets.SLACK_APP_TOKEN, secrets.SLACK_BOT_TOKEN would not be used',
    ],
    [
      "the Secret that is the chart's own",
      { existingSecret: 'r-alert-threader', secrets: { SLACK_BOT_TOKEN: '', SLACK_APP_TOKEN: '' } },
      "existingSecret is r-alert-threader, the name of the chart's own Secret, which an upgrade would delete: copy",
    ],
    [
      "the claim that is the chart's own, and is not kept",
      { persistence: { existingClaim: 'r-alert-threader', keep: false } },
      "persistence.existingClaim is r-alert-threader, the name of the chart's own claim, which an upgrade would delete",
    ],
    [
      'a claim that is not used',
      { persistence: { enabled: false, existingClaim: 'data' } },
      'persistence.existingClaim is set, and persistence.enabled is false',
    ],
    [
      'fewer replicas than the least',
      { ...REDIS, autoscaling: { enabled: true, minReplicas: 5 } },
      'autoscaling.minReplicas is more than autoscaling.maxReplicas',
    ],
    [
      'autoscaling by a part of nothing',
      { ...REDIS, autoscaling: { enabled: true }, resources: { requests: { cpu: null } } },
      'autoscaling.enabled goes by resources.requests.cpu, which is missing: set it',
    ],
    [
      'an ingress without a host',
      { ingress: { enabled: true } },
      'ingress.enabled is true and ingress.hosts is empty: set a host name',
    ],
    [
      'an ingress for everybody',
      { requireTokens: false, ingress: { enabled: true, hosts: ['a.example.com'] } },
      'ingress.enabled lets everybody outside send alerts: set secrets.WEBHOOK_TOKEN',
    ],
    [
      'a setting as an extra variable',
      { extraEnv: [{ name: 'THREAD_STORE', value: 'redis' }] },
      'extraEnv sets THREAD_STORE, which the chart sets',
    ],
    [
      'a name of the pods as a common label',
      { commonLabels: { 'app.kubernetes.io/name': 'threads' } },
      'commonLabels sets app.kubernetes.io/name, by which the Service finds the pods: leave it out',
    ],
    [
      'another instance as a label of the pods',
      { podLabels: { 'app.kubernetes.io/instance': 'a' } },
      'podLabels sets app.kubernetes.io/instance, by which the Service finds the pods: leave it out',
    ],
    [
      'a name that a Service can not have',
      { fullnameOverride: '1st' },
      "the name 1st can't be that of a Service, which begins with a letter and has a-z, 0-9 and - alone: set fullname",
    ],
  ])('%s: says why, and what to set', async (_, values, reason) => {
    const said = await refusal('minimal', values);
    expect(said).toContain(`- ${reason}`);
    expect(said.match(/^- /gm)).toHaveLength(1);
  });

  it('are told all at once', async () => {
    const said = await refusal('minimal', {
      replicaCount: 3,
      config: { SLACK_CHANNEL: '' },
      autoscaling: { enabled: true },
    });
    expect(said.match(/^- /gm)).toHaveLength(3);
  });

  it('are the names that some releases lead to', async () => {
    for (const release of ['2024', 'v1.2']) {
      const said = await template('minimal', {}, release).catch((error: unknown) => (error as Error).message);
      expect(said).toContain(`- the name ${release}-alert-threader can't be that of a Service`);
    }
    expect((await render('minimal', { fullnameOverride: 'threader' }, '2024')).one('Service').metadata.name).toBe(
      'threader',
    );
  });

  it('are those of an older chart, which lack some', async () => {
    const said = await refusal('minimal', {
      serviceMonitor: null,
      prometheusRule: null,
      networkPolicy: { dnsPorts: null },
    });
    expect(said).toContain('The values serviceMonitor, prometheusRule, networkPolicy.dnsPorts are missing.');
    expect(said).toContain('upgrade with --reset-then-reuse-values in place of --reuse-values');
  });

  it('never with the value of a secret', async () => {
    const said = await refusal('minimal', {
      existingSecret: 'tokens',
      secrets: { REDIS_URL: 'redis://:not-to-be-told@redis' },
    });
    expect(said).not.toMatch(/not-to-be-told|xoxb-|xapp-/);
  });

  it.each([
    ['a misspelt value', { replicas: 2 }, 'replicas'],
    ['a misspelt setting', { config: { REOPEN_WINDOWS: '1h' } }, 'REOPEN_WINDOWS'],
    ['a setting that is the chart’s', { config: { BIND_PORT: '80' } }, 'BIND_PORT'],
    ['a secret among the settings', { config: { SLACK_BOT_TOKEN: 'xoxb-1' } }, 'SLACK_BOT_TOKEN'],
    ["a channel's name", { config: { SLACK_CHANNEL: '#alerts' } }, 'SLACK_CHANNEL'],
    ['another store', { threadStore: 'sqlite' }, 'threadStore'],
    ['a duration without a unit', { config: { RETENTION: '30' } }, 'RETENTION'],
    ['a budget that lets nobody go', { podDisruptionBudget: { maxUnavailable: '0%' } }, 'maxUnavailable'],
    ['a budget of no pod', { podDisruptionBudget: { maxUnavailable: 0 } }, 'maxUnavailable'],
    ['a budget of more than all', { podDisruptionBudget: { maxUnavailable: '101%' } }, 'maxUnavailable'],
    ['a policy without DNS', { networkPolicy: { dnsPorts: [] } }, 'dnsPorts'],
    ['the wrong kind of token', { secrets: { SLACK_APP_TOKEN: 'xoxb-1' } }, 'SLACK_APP_TOKEN'],
  ])('%s is refused by the schema, which names it', async (_, values, name) => {
    expect(await refusal('minimal', values)).toMatch(
      new RegExp(`don't meet the specifications of the schema[^]*${name}`),
    );
  });

  it('are not the same with a Secret that is there: it may have what the values have not', async () => {
    const { deployment } = await render('redis-cluster-existing-secret', { replicaCount: 3 });
    expect(deployment.replicas).toBe(3);
  });
});
