import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TempFolder } from '../../support/temp-folder.js';
import { CHART, helm, KUBE_VERSION, Rendered, scenarioFile, SCENARIOS, template } from './chart.js';
import { describeHelm } from './describe-helm.js';
import { ensureHelm } from './tools.js';

/** Made of Kubernetes' own API description, by tools/helm/kubernetes-schemas.mjs. */
const SCHEMAS = join(__dirname, 'schemas/{{ .ResourceKind }}{{ .KindSuffix }}.json');

interface Verdict {
  readonly resources: readonly { readonly kind: string; readonly status: string; readonly msg: string }[];
  readonly summary: {
    readonly valid: number;
    readonly invalid: number;
    readonly errors: number;
    readonly skipped: number;
  };
}

/** What kubeconform says about manifests, in its strict mode. */
const conform = async (manifests: string): Promise<Verdict> => {
  const { kubeconform } = await ensureHelm();
  const args = ['-strict', '-summary', '-verbose', '-output', 'json', '-schema-location', SCHEMAS];
  try {
    return JSON.parse(execFileSync(kubeconform, args, { input: manifests, encoding: 'utf8' })) as Verdict;
  } catch (error) {
    return JSON.parse((error as { stdout: string }).stdout) as Verdict; // exit code 1: something is wrong
  }
};

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

  const faulty = async (manifests: string): Promise<string[]> => {
    const { resources } = await conform(manifests);
    const faults = resources.filter(({ status }) => status !== 'statusValid');
    return faults.map(({ kind }) => kind).sort();
  };

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
