import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dump, load } from 'js-yaml';
import { TempFolder } from '../../support/temp-folder.js';
import { CHART, helm, KUBE_VERSION, refusal, Rendered, scenarioFile, SCENARIOS, template } from './chart.js';
import { conform, faultsOf } from './conform.js';
import { describeHelm } from './describe-helm.js';
import { ensureHelm } from './tools.js';

const UMBRELLA = { apiVersion: 'v2', name: 'platform', version: '1.0.0' };
const DEPENDENCY = { name: 'alert-threader', version: '*', condition: 'alert-threader.enabled' };

describeHelm('the chart as a package', () => {
  it('holds all that it needs, and nothing that checks it', async () => {
    const { helm: program } = await ensureHelm();
    const folder = new TempFolder();
    try {
      execFileSync(program, ['package', CHART, '--destination', folder.path], { stdio: 'pipe' });
      const [archive = ''] = readdirSync(folder.path);
      expect(archive).toMatch(/^alert-threader-\d+\.\d+\.\d+\.tgz$/);
      const files = execFileSync('tar', ['--list', '--file', folder.file(archive)], { encoding: 'utf8' });
      expect(files).toContain('alert-threader/values.schema.json');
      expect(files).not.toMatch(/\bci\b/);
      const scenario = ['--kube-version', KUBE_VERSION, '--values', scenarioFile('prometheus-operator')];
      const text = execFileSync(program, ['template', 'r', folder.file(archive), ...scenario], { encoding: 'utf8' });
      const withoutTokens = (manifests: string): string => manifests.replaceAll(/^ {2}\w+_TOKEN: .*$/gm, '');
      expect(withoutTokens(text)).toBe(withoutTokens(await template('prometheus-operator')));
    } finally {
      folder.remove();
    }
  });
});

describeHelm('the chart as part of another one', () => {
  it('is rendered, with the name that turns it on and off', async () => {
    const { helm: program } = await ensureHelm();
    const folder = new TempFolder();
    try {
      const values = load(readFileSync(scenarioFile('prometheus-operator'), 'utf8')) as object;
      cpSync(CHART, folder.file('charts/alert-threader'), { recursive: true });
      writeFileSync(folder.file('Chart.yaml'), dump({ ...UMBRELLA, dependencies: [DEPENDENCY] }));
      const rendered = (enabled: boolean): Rendered => {
        writeFileSync(folder.file('values.yaml'), dump({ global: { a: 1 }, 'alert-threader': { enabled, ...values } }));
        const args = ['template', 'r', folder.path, '--kube-version', KUBE_VERSION];
        return new Rendered(execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' }));
      };
      expect(await faultsOf(rendered(true).text)).toEqual([]);
      expect(rendered(true).kinds).toEqual(new Rendered(await template('prometheus-operator')).kinds);
      expect(rendered(false).kinds).toEqual([]);
    } finally {
      folder.remove();
    }
  });
});

describeHelm('the scenarios of helm/alert-threader/ci', () => {
  it.each(SCENARIOS)('%s is clean for helm lint --strict', async (scenario) => {
    const said = await helm(['lint', '--strict'], scenario, { args: ['--kube-version', KUBE_VERSION] });
    expect(said).toContain('1 chart(s) linted, 0 chart(s) failed');
  });

  it.each(SCENARIOS)('%s renders what Kubernetes takes', async (scenario) => {
    const text = await template(scenario);
    const { resources, summary } = await conform(text);
    const faults = resources.filter(({ status }) => status !== 'statusValid');
    expect(faults).toEqual([]);
    expect(summary.valid).toBe(new Rendered(text).objects.length);
    expect(summary.valid).toBeGreaterThan(3);
  });

  const faulty = async (manifests: string): Promise<string[]> =>
    (await faultsOf(manifests)).map((fault) => fault.replace(/:[^]*/, ''));

  it('would not pass with a field that Kubernetes does not know, a wrong type or an unknown kind', async () => {
    const text = await template('redis-ha');
    const broken = text
      .replace('maxSurge: 1', 'maxSurg: 1')
      .replace('automountServiceAccountToken: false', 'automountServiceAccountToken: "no"')
      .replace('kind: PodDisruptionBudget', 'kind: PodDisruptionPlan');
    expect(await faulty(broken)).toEqual(['Deployment', 'PodDisruptionPlan', 'ServiceAccount']);
    const operator = await template('prometheus-operator');
    expect(await faulty(operator.replace('scrapeTimeout:', 'timeout:'))).toEqual(['ServiceMonitor']);
    expect(await faulty(operator.replaceAll('expr:', 'expression:'))).toEqual(['PrometheusRule']);
  });
});

describeHelm('names and texts that read as numbers, or as true and false', () => {
  const TEXT = { a: '2024', b: '0x10', c: '1e3', d: 'true', e: 'null', f: '0o17', g: '1_000', h: '.5' };
  const VALUES = {
    nameOverride: '123',
    fullnameOverride: 'true', // a Service's name begins with a letter
    requireTokens: true,
    commonLabels: TEXT,
    podLabels: TEXT,
    podAnnotations: TEXT,
    deploymentAnnotations: TEXT,
    nodeSelector: TEXT,
    tolerations: [{ key: 'on', operator: 'Equal', value: '1', effect: 'NoSchedule' }],
    priorityClassName: '1e3',
    image: { repository: '10', tag: '1.10', pullSecrets: [{ name: '0x10' }] },
    extraEnv: [{ name: 'FOO', value: '1' }],
    nodeOptions: '1',
    service: { annotations: TEXT },
    serviceAccount: { name: '1e3', annotations: TEXT },
    persistence: { storageClass: '1', size: '1000000000', annotations: TEXT },
    ingress: {
      enabled: true,
      className: 'on',
      path: '/1: #',
      hosts: ['1.2'],
      annotations: TEXT,
      tls: [{ secretName: '2024', hosts: ['1.2'] }],
    },
    networkPolicy: { enabled: true },
    serviceMonitor: { enabled: true, labels: TEXT, namespace: '0123' },
    prometheusRule: { enabled: true, labels: TEXT, ruleLabels: TEXT, namespace: '0123' },
    grafanaDashboard: { enabled: true, labels: TEXT, annotations: TEXT, folder: '2024', namespace: '0123' },
  };

  it.each(SCENARIOS)('%s: stay texts in every object', async (scenario) => {
    const args = ['--kube-version', KUBE_VERSION, '--namespace', '1e3'];
    const text = await helm(['template', '2024'], scenario, { values: VALUES, args });
    expect(await faultsOf(text)).toEqual([]);
    const { objects, deployment } = new Rendered(text);
    for (const { metadata } of objects) expect(metadata.labels).toMatchObject(TEXT);
    const own = { 'app.kubernetes.io/name': '123', 'app.kubernetes.io/instance': '2024' };
    expect(deployment.selector.matchLabels).toEqual(own);
    expect(deployment.template.metadata.labels).toMatchObject(own);
  });

  it('are given as texts: what is no text is refused', async () => {
    for (const values of [
      { extraEnv: [{ name: 'FOO', value: 1 }] },
      { extraEnv: [{ name: 'FOO', value: true }] },
      { tolerations: [{ key: 'dedicated', value: true }] },
    ]) {
      expect(await refusal('minimal', values)).toMatch(
        /don't meet the specifications[^]*value'?: got \w+, want string/,
      );
    }
  });

  it('can stand in the place of names that are there already', async () => {
    const there = { serviceAccount: { create: false, name: '0123' }, persistence: { existingClaim: '1e3' } };
    for (const values of [there, { existingSecret: '0x10', secrets: { SLACK_BOT_TOKEN: '', SLACK_APP_TOKEN: '' } }]) {
      expect(await faultsOf(await template('minimal', { ...VALUES, ...values }, '2024'))).toEqual([]);
    }
  });
});
