import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { ensureDebianPackage, INSTALL_TIMEOUT_MS } from '../support/debian-package.js';
import { HOSTILE } from '../support/hostile-texts.js';
import { databaseDown, isOver, PeopleWorld } from '../support/people-world.js';
import { NO_PACE, withPeople } from '../support/service-environment.js';
import { endServices, startService, type ServiceProcess } from '../support/service-process.js';
import { TempFolder } from '../support/temp-folder.js';
import { MetricsPage } from './metrics-page.js';

const DOCS = join(__dirname, '../../docs/metrics.md');
const RULES = join(__dirname, '../../helm/alert-threader/files/alert-threader.rules.yaml');
/** `| `name` | type | labels | meaning |` */
const ROW = /^\| `(alert_threader_\w+)` +\| (\w+) +\| (.*?) +\| /;

/** What promtool says of its input, and whether it is content. */
const promtoolOf = (
  promtool: string,
  args: readonly string[],
  input = '',
): Promise<{ code: unknown; output: string }> =>
  new Promise((resolve) => {
    const child = execFile(promtool, args, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, output: stdout + stderr });
    });
    child.stdin?.end(input);
  });

describe('the page of GET /metrics', () => {
  let promtool: string;
  let world: PeopleWorld;
  beforeAll(async () => {
    promtool = await ensureDebianPackage('promtool', ['prometheus']);
  }, INSTALL_TIMEOUT_MS);
  beforeAll(async () => {
    world = await PeopleWorld.start();
    const thread = await world.fires();
    await thread.clicks(world.alice, 'incident_ack');
    await world.post(databaseDown('db01', isOver));
    await thread.expectRoot(/✅/);
  });
  afterAll(() => world.end());

  const lint = (page: string) => promtoolOf(promtool, ['check', 'metrics'], page);

  it('pleases promtool, which finds faults where there are some', async () => {
    const { text } = await MetricsPage.of(world.service);
    expect(await lint(text)).toEqual({ code: 0, output: '' });
    const faulty = text.replaceAll('alert_threader_alerts_total', 'alert_threader_alerts');
    const found = await lint(faulty);
    expect(found.code).toBe(3);
    expect(found.output).toContain('counter metrics should have "_total" suffix');
    expect((await lint('no metrics at all')).code).not.toBe(0);
  });

  it('holds what docs/metrics.md lists, by name, type and labels, and nothing else of ours', async () => {
    const { families } = await MetricsPage.of(world.service);
    const shown = families
      .filter(({ name }) => !/^(process|nodejs)_/.test(name))
      .map(({ name, type, samples }) => {
        const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
        labels.delete('le');
        return `${name} ${type} ${[...labels].sort().join(', ')}`.trim();
      });
    const documented = readFileSync(DOCS, 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [, name, type = '', labels = ''] = ROW.exec(line) ?? [];
        if (name === undefined) return [];
        const names = [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label);
        return [`${name} ${type} ${names.sort().join(', ')}`.trim()];
      });
    expect(documented.length).toBeGreaterThan(15);
    expect(documented.sort()).toEqual(shown.sort());
    expect(families.every(({ help }) => /^[A-Z0-9].{10,}/.test(help))).toBe(true);
  });

  it('lists the label values that docs/metrics.md lists', async () => {
    const { families } = await MetricsPage.of(world.service);
    const docs = readFileSync(DOCS, 'utf8');
    for (const label of ['outcome', 'operation', 'method', 'severity', 'status', 'by', 'type', 'command']) {
      const values = families
        .filter(({ name }) => name.startsWith('alert_threader_'))
        .flatMap(({ samples }) => samples.flatMap(({ labels }) => labels[label] ?? []));
      expect(values.length).toBeGreaterThan(0);
      const missing = [...new Set(values)].filter((value) => !docs.includes(`\`${value}\``));
      expect([label, missing]).toEqual([label, []]);
    }
  });

  it('and the queries of docs/metrics.md are right, and ask for what there is', async () => {
    const blocks = [...readFileSync(DOCS, 'utf8').matchAll(/```promql\n([^`]+)```/g)].map(([, block = '']) => block);
    const queries = blocks.flatMap((block) => block.trim().split('\n'));
    expect(queries.length).toBeGreaterThan(5);
    const { text } = await MetricsPage.of(world.service);
    for (const name of queries.flatMap((query) => query.match(/alert_threader_\w+/g) ?? [])) {
      expect(text).toMatch(new RegExp(`^${name}(\\{| )`, 'm'));
    }
    const folder = new TempFolder();
    const check = (exprs: readonly string[]) => {
      const rules = exprs.map((expr, n) => ({ record: `x${n}`, expr }));
      writeFileSync(folder.file('rules.json'), JSON.stringify({ groups: [{ name: 'x', rules }] }));
      return promtoolOf(promtool, ['check', 'rules', folder.file('rules.json')]);
    };
    expect(await check(queries)).toMatchObject({ code: 0 });
    expect(await check(['sum by (('])).toMatchObject({ code: 1 });
    folder.remove();
  });

  it('and docs/metrics.md names every alert of the rules file', () => {
    const alerts = [...readFileSync(RULES, 'utf8').matchAll(/^ +- alert: (\w+)$/gm)].map(([, name]) => name);
    const named = [...readFileSync(DOCS, 'utf8').matchAll(/`(AlertThreader\w+)`/g)].map(([, name]) => name);
    expect(alerts.length).toBeGreaterThan(5);
    expect(named.sort()).toEqual(alerts.sort());
  });

  it('is answered without a token, and says no more of what it is than its version', async () => {
    const { status, headers, text } = await world.service.get('/metrics');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string };
    const labels = { version, thread_store: 'file', node_version: process.version };
    expect(new MetricsPage(text).find('build_info', labels)).toBe(1);
    expect(text).not.toContain(world.alice.id);
    expect((await world.service.post('/metrics', {})).status).toBe(404);
  });
});

describe('the page of GET /metrics after hostile alerts', () => {
  let simulator: Simulator;
  let service: ServiceProcess;
  const settings = {
    ADMIN_TOKEN: 'admin-s3cret',
    WEBHOOK_TOKEN: 'webhook-s3cret',
    ENVIRONMENT: 'env-s3cret',
  };
  beforeEach(async () => {
    simulator = await startSimulator({ pace: 'off' });
    service = await startService({ env: withPeople(simulator, { ...NO_PACE, WEBHOOK_WAIT: '0', ...settings }) });
  });
  afterEach(async () => {
    await endServices();
    await simulator.close();
  });

  it('holds nothing of their labels, of settings and of people, and no more series than before', async () => {
    const headers = { authorization: `Bearer ${settings.WEBHOOK_TOKEN}` };
    const names = (page: MetricsPage): string[] =>
      page.families
        .filter(({ name }) => name.startsWith('alert_threader_'))
        .flatMap(({ samples }) => samples.map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`));
    const before = names(await MetricsPage.of(service));
    const alerts = HOSTILE.map((text, n) => ({
      labels: {
        alertname: `marker${n} ${text}`.slice(0, 200),
        severity: `marker${n} ${text}`.slice(0, 200),
        service: text.slice(0, 200),
        [`marker_label_${n}`]: text.slice(0, 200),
        slack_channel: `C0MARKER${'X'.repeat(n)}`,
      },
      annotations: { summary: `marker ${text}`.slice(0, 500) },
      fingerprint: `marker-fingerprint-${n}`,
    }));
    expect((await service.post('/alert', { status: 'firing', alerts }, headers)).status).toBe(200);
    const channels = Array.from({ length: 80 }, (_, n) => ({
      labels: { alertname: `Many${n}`, slack_channel: `C0MANY${String(n).padStart(4, '0')}` },
    }));
    expect((await service.post('/alert', { status: 'firing', alerts: channels }, headers)).status).toBe(200);

    const page = await MetricsPage.of(service);
    expect(page.by('severity', 'incidents', { status: 'firing' })).toEqual({
      other: HOSTILE.length,
      info: channels.length,
    });
    const pending = page.by('channel', 'pending_threads');
    expect(Object.values(pending).reduce((sum, one) => sum + one, 0)).toBe(HOSTILE.length + channels.length);
    expect(Object.keys(pending).length).toBeLessThanOrEqual(51);
    expect(pending['other']).toBeGreaterThan(0);
    for (const channel of Object.keys(pending)) expect(channel).toMatch(/^([CG][A-Z0-9]{7,19}|other)$/);
    const rest = (page: MetricsPage): string[] => names(page).filter((name) => !name.includes('"channel":'));
    expect(rest(page)).toEqual(before.filter((name) => !name.includes('"channel":')));
    const text = page.text.replaceAll(/channel="C0M[A-Z0-9]{5,17}"/g, '');
    expect(text).not.toMatch(/marker|xox|xapp|s3cret|INC-|U0[A-Z]/i);
    for (const token of [simulator.botToken, simulator.appToken, ...Object.values(settings)]) {
      expect(page.text).not.toContain(token);
    }
  });
});
