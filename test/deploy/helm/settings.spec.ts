import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { Config } from '../../../src/config/config.js';
import { variableOf } from '../../../src/config/from-variable.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { CHART, decoded, render, SCENARIOS, type Rendered } from './chart.js';
import { describeHelm } from './describe-helm.js';

const BARE = loadConfig({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_CHANNEL: 'C0123456789' });
const KNOWN = Object.keys(BARE)
  .map((property) => variableOf(BARE, property))
  .sort();

const read = (file: string): string => readFileSync(join(CHART, file), 'utf8');
const DEFAULTS = load(read('values.yaml')) as Record<'config' | 'secrets', object>;
const SCHEMA = JSON.parse(read('values.schema.json')) as { properties: Record<string, object> };

/** Given to scenarios with existingSecret; what the chart would have generated is part of it. */
const SECRET = {
  SLACK_BOT_TOKEN: 'xoxb-1',
  WEBHOOK_TOKEN: 'w',
  ADMIN_TOKEN: 'a',
  REDIS_URL: 'redis+cluster://redis-0:7000,redis-1:7000',
};

const hasSecret = (rendered: Rendered): boolean => rendered.kinds.includes('Secret');
const configOf = (rendered: Rendered): Config =>
  loadConfig(rendered.environment(hasSecret(rendered) ? undefined : SECRET));
const secretNames = ({ container }: Rendered): string[] =>
  container.env.filter(({ valueFrom }) => valueFrom !== undefined).map(({ name }) => name);

describeHelm('settings', () => {
  it('are all there that the service knows, and no other', async () => {
    const [file, redis] = [await render('every-setting'), await render('redis-ha')];
    const names = new Set([file, redis].flatMap((it) => [...Object.keys(it.settings), ...secretNames(it)]));
    expect([...names].sort()).toEqual(KNOWN);
  });

  it('stand in values.yaml, and every value in the schema', () => {
    const { config, secrets } = DEFAULTS;
    const ours = ['BIND_PORT', 'THREAD_STORE', 'THREAD_STORE_FILE'];
    expect([...Object.keys(config), ...Object.keys(secrets), ...ours].sort()).toEqual(KNOWN);
    const { global: _global, enabled: _enabled, ...properties } = SCHEMA.properties; // Helm's own, and a chart's around it
    expect(Object.keys(properties).sort()).toEqual(Object.keys(DEFAULTS).sort());
  });

  it.each(SCENARIOS)('%s gives what the service starts with', async (scenario) => {
    const rendered = await render(scenario);
    const config = configOf(rendered);
    expect(config.slackChannel).toBe('C0123456789');
    expect(config.threadStore).toBe(scenario.startsWith('redis') ? 'redis' : 'file');
    for (const value of Object.values(rendered.settings)) expect(typeof value).toBe('string');
  });

  it('arrive as they were meant, whatever form YAML gave them', async () => {
    expect(configOf(await render('every-setting'))).toMatchObject({
      allowExternalUsers: true,
      slackPostsPerSecond: 0.5,
      slackPostBurst: 10,
      webhookWaitMs: 0,
      reactionAck: '+1',
      slackChannels: ['C0123456789', 'G0123456789'],
      retentionMs: 90 * 86_400_000,
      bindHost: '::',
    });
  });

  it('that are not given are left to the service, but for the labels of the thread key', async () => {
    const rendered = await render('minimal');
    expect(rendered.settings).toEqual({
      BIND_PORT: '9009',
      SLACK_CHANNEL: 'C0123456789',
      THREAD_KEY_LABELS: 'alertname,severity,namespace,service,cluster',
      THREAD_STORE: 'file',
      THREAD_STORE_FILE: '/var/lib/alert-threader/threads.json',
    });
    expect(rendered.container.ports).toEqual([{ name: 'http', containerPort: 9009 }]);
    expect(rendered.container.volumeMounts).toEqual([{ name: 'store', mountPath: '/var/lib/alert-threader' }]);
  });

  it('that are read from a file lose its last line break', async () => {
    const text = (value: string): string => `${value}\n`;
    const secrets = {
      SLACK_BOT_TOKEN: text('xoxb-file'),
      ADMIN_TOKEN: text('admin'),
      ALERTMANAGER_PASSWORD: text('p w'),
    };
    expect((await render('minimal', { secrets })).environment()).toMatchObject({
      SLACK_BOT_TOKEN: 'xoxb-file',
      ADMIN_TOKEN: 'admin',
      ALERTMANAGER_PASSWORD: 'p w',
    });
    const { REDIS_URL, WEBHOOK_TOKEN } = (
      await render('redis-ha', { secrets: { REDIS_URL: text('redis://redis:6380'), WEBHOOK_TOKEN: '\n' } })
    ).environment();
    expect(REDIS_URL).toBe('redis://redis:6380');
    expect(WEBHOOK_TOKEN).toMatch(/^[A-Za-z0-9]{40}$/); // nothing but a line break is nothing
  });

  it('that are empty, as `WEBHOOK_TOKEN:` is, are those that are not given', async () => {
    const tokens = (text: string): string => text.replaceAll(/^ {2}(WEBHOOK|ADMIN)_TOKEN: .*$/gm, '');
    const nothing = { WEBHOOK_TOKEN: null, ADMIN_TOKEN: null, REDIS_URL: null, GRAFANA_TOKEN: null };
    const rendered = await render('minimal', { secrets: nothing });
    expect(rendered.environment()['WEBHOOK_TOKEN']).toMatch(/^[A-Za-z0-9]{40}$/); // or everybody could send
    const sums = /checksum\/secrets: .*/;
    const plain = (await render('minimal')).text.replace(sums, '');
    expect(tokens(rendered.text.replace(sums, ''))).toBe(tokens(plain));
    const given = await render('redis-cluster-existing-secret', { secrets: nothing });
    expect(given.text).toBe((await render('redis-cluster-existing-secret')).text);
  });

  it('that are secret stand in the Secret alone', async () => {
    for (const scenario of SCENARIOS) {
      const rendered = await render(scenario);
      const open = Object.keys(rendered.settings);
      expect(open.filter((name) => secretNames(rendered).includes(name))).toEqual([]);
      if (!hasSecret(rendered)) continue;
      const elsewhere = JSON.stringify(rendered.objects.filter(({ kind }) => kind !== 'Secret'));
      for (const secret of Object.values(decoded(rendered.one('Secret').data))) {
        if (secret.length > 8) expect(elsewhere).not.toContain(JSON.stringify(secret).slice(1, -1));
      }
    }
  });

  it('of an existing Secret are read by their names, and the needed ones are needed', async () => {
    const { container, kinds } = await render('redis-cluster-existing-secret');
    expect(kinds).not.toContain('Secret');
    const refs = container.env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []);
    expect(new Set(refs.map(({ name }) => name))).toEqual(new Set(['alert-threader-tokens']));
    const needed = refs.filter(({ optional }) => optional !== true).map(({ key }) => key);
    expect(needed).toEqual(['ADMIN_TOKEN', 'REDIS_URL', 'SLACK_BOT_TOKEN', 'WEBHOOK_TOKEN']);
    const free = (await render('file-existing-secret', { requireTokens: false })).container.env;
    expect(free.filter((it) => it.valueFrom?.secretKeyRef && !it.valueFrom.secretKeyRef.optional)).toHaveLength(1);
  });

  it('restart the pods when they change, and nothing else does', async () => {
    const sums = async (values: object, scenario = 'minimal'): Promise<object> =>
      (await render(scenario, { ...values })).deployment.template.metadata.annotations;
    const before = await sums({});
    expect(await sums({})).toEqual(before); // though the generated tokens differ
    expect(await sums({ commonLabels: { team: 'a' } })).toEqual(before);
    expect(await sums({ config: { RETENTION: '7d' } })).not.toEqual(before);
    expect(await sums({ secrets: { ADMIN_TOKEN: 'other' } })).not.toEqual(before);
  });
});
