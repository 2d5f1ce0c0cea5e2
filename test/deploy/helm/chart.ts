import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadAll, YAML11_SCHEMA } from 'js-yaml';
import type { Container, DeploymentSpec, Manifest, PodSpec } from './manifests.js';
import { ensureHelm } from './tools.js';

const run = promisify(execFile);

export const CHART = join(__dirname, '../../../helm/alert-threader');
/** The version of test/deploy/helm/schemas; a Helm made by `go install` takes 1.20 by itself. */
export const KUBE_VERSION = '1.34.4';
const SUFFIX = '-values.yaml';

/** Names of the files in ci/, without their suffix. */
export const SCENARIOS: readonly string[] = readdirSync(join(CHART, 'ci')).map((file) => file.replace(SUFFIX, ''));

export const scenarioFile = (scenario: string): string => join(CHART, 'ci', `${scenario}${SUFFIX}`);

/** Values as in a file of values. */
export type Values = Readonly<Record<string, unknown>>;

export interface HelmOptions {
  /** Over the scenario's values. */
  readonly values?: Values;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A changed copy of the chart. */
  readonly chart?: string;
}

/** Runs Helm on the chart; rejects with what it says. */
export const helm = async (
  command: readonly string[],
  scenario: string,
  { values = {}, args = [], env = {}, chart = CHART }: HelmOptions = {},
): Promise<string> => {
  const program = (await ensureHelm()).helm;
  const all = [...command, chart, '--values', scenarioFile(scenario), '--values', '-', ...args];
  const running = run(program, all, { env: { ...process.env, KUBECONFIG: '/dev/null', ...env }, maxBuffer: 2 ** 24 });
  running.child.stdin?.end(JSON.stringify(values));
  try {
    return (await running).stdout;
  } catch (error) {
    throw new Error((error as { stderr: string }).stderr, { cause: error });
  }
};

/** What `helm template` writes. */
export const template = (scenario: string, values: Values = {}, release = 'r'): Promise<string> =>
  helm(['template', release], scenario, { values, args: ['--kube-version', KUBE_VERSION] });

/** What Helm says to values that it refuses. */
export const refusal = async (scenario: string, values: Values): Promise<string> => {
  try {
    await template(scenario, values);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the values were taken');
};

export const render = async (scenario: string, values: Values = {}, release = 'r'): Promise<Rendered> =>
  new Rendered(await template(scenario, values, release));

/** The objects of one release. */
export class Rendered {
  readonly objects: readonly Manifest[];

  constructor(readonly text: string) {
    // as Kubernetes reads it: `yes` and `on` are no text
    const documents = loadAll(text, { schema: YAML11_SCHEMA });
    this.objects = documents.filter((it) => it !== null && it !== undefined) as Manifest[];
  }

  get kinds(): string[] {
    return this.objects.map(({ kind }) => kind).sort();
  }

  /** The object of that kind. @throws {Error} unless there is one */
  one<Spec = unknown>(kind: string): Manifest<Spec> {
    const found = this.objects.filter((it) => it.kind === kind);
    const [first] = found;
    if (first === undefined || found.length > 1) throw new Error(`${found.length} objects of kind ${kind}`);
    return first as Manifest<Spec>;
  }

  get deployment(): DeploymentSpec {
    return this.one<DeploymentSpec>('Deployment').spec;
  }

  get container(): Container {
    return this.deployment.template.spec.containers[0];
  }

  /** Every pod that it makes: the service's, and that of `helm test`. */
  get pods(): readonly PodSpec[] {
    return [this.deployment.template.spec, this.one<PodSpec>('Pod').spec];
  }

  /** What the container takes from ConfigMaps. */
  get settings(): Readonly<Record<string, string>> {
    const names = (this.container.envFrom ?? []).map(({ configMapRef }) => configMapRef.name);
    const maps = this.objects.filter(({ kind, metadata }) => kind === 'ConfigMap' && names.includes(metadata.name));
    if (maps.length !== names.length) throw new Error(`the ConfigMaps ${names.join(', ')} are not all there`);
    return Object.assign({}, ...maps.map(({ data }) => data)) as Record<string, string>;
  }

  /** The container's environment, with the chart's Secret, or the one that is given in its place. */
  environment(existingSecret?: Readonly<Record<string, string>>): Record<string, string> {
    const env: Record<string, string> = { ...this.settings };
    const secret = existingSecret ?? decoded(this.one('Secret').data);
    for (const { name, value, valueFrom } of this.container.env) {
      const ref = valueFrom?.secretKeyRef;
      const text = ref === undefined ? value : secret[ref.key];
      if (text !== undefined) env[name] = text;
      else if (ref?.optional !== true) throw new Error(`the Secret has no ${name}: the pod would not start`);
    }
    return env;
  }
}

/** The texts in a Secret. */
export const decoded = (data: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'base64').toString()]));
