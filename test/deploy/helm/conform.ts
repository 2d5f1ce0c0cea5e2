import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
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

/** What kubeconform says about manifests, in its strict mode: no field that is not known, no key twice. */
export const conform = async (manifests: string): Promise<Verdict> => {
  const { kubeconform } = await ensureHelm();
  const args = ['-strict', '-summary', '-verbose', '-output', 'json', '-schema-location', SCHEMAS];
  try {
    return JSON.parse(execFileSync(kubeconform, args, { input: manifests, encoding: 'utf8' })) as Verdict;
  } catch (error) {
    return JSON.parse((error as { stdout: string }).stdout) as Verdict; // exit code 1: something is wrong
  }
};

/** What is wrong with manifests, as `kind: reason`. */
export const faultsOf = async (manifests: string): Promise<string[]> => {
  const { resources } = await conform(manifests);
  const faults = resources.filter(({ status }) => status !== 'statusValid');
  return faults.map(({ kind, msg }) => `${kind}: ${msg}`).sort();
};
