import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { helm, KUBE_VERSION, Rendered, SCENARIOS, template } from './chart.js';
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

  it('would not pass with a field that Kubernetes does not know, a wrong type or an unknown kind', async () => {
    const text = await template('redis-ha');
    const broken = text
      .replace('maxSurge: 1', 'maxSurg: 1')
      .replace('automountServiceAccountToken: false', 'automountServiceAccountToken: "no"')
      .replace('kind: PodDisruptionBudget', 'kind: PodDisruptionPlan');
    const { resources } = await conform(broken);
    const faults = resources.filter(({ status }) => status !== 'statusValid').map(({ kind }) => kind);
    expect(faults.sort()).toEqual(['Deployment', 'PodDisruptionPlan', 'ServiceAccount']);
  });
});
