import { decoded, helm, KUBE_VERSION, type Values } from '../chart.js';
import type { DeploymentSpec, Manifest } from '../manifests.js';
import type { Cluster } from './cluster.js';

/** What `helm install` calls the release here, and so all of its objects. */
const NAME = 'r';
const FULL_NAME = 'r-alert-threader';

/** A release in a namespace of its own, with the commands of who runs it. Each resolves with the notes. */
export class Release {
  private constructor(
    private readonly cluster: Cluster,
    readonly namespace: string,
  ) {}

  static async in(cluster: Cluster, namespace: string): Promise<Release> {
    await cluster.addNamespace(namespace);
    return new Release(cluster, namespace);
  }

  install(scenario: string, values: Values = {}): Promise<string> {
    return this.helm('install', scenario, values);
  }

  upgrade(scenario: string, values: Values = {}): Promise<string> {
    return this.helm('upgrade', scenario, values);
  }

  async uninstall(): Promise<void> {
    await this.cluster.helm(['uninstall', NAME, '--namespace', this.namespace]);
  }

  async rollback(): Promise<void> {
    await this.cluster.helm(['rollback', NAME, '--namespace', this.namespace]);
  }

  /** What `helm template --dry-run=server` would write. */
  preview(scenario: string, values: Values = {}): Promise<string> {
    return helm(['template', NAME], scenario, {
      values,
      ...this.options(['--dry-run=server', '--kube-version', KUBE_VERSION]),
    });
  }

  get<Spec = unknown>(kind: string): Promise<Manifest<Spec> | undefined> {
    return this.cluster.get<Manifest<Spec>>(this.namespace, `${kind}/${FULL_NAME}`);
  }

  /** The texts in the Secret. */
  async tokens(): Promise<Record<string, string>> {
    return decoded((await this.get('secret'))?.data);
  }

  /** @throws {Error} unless there is one */
  async deployment(): Promise<Manifest<DeploymentSpec>> {
    const found = await this.get<DeploymentSpec>('deployment');
    if (found === undefined) throw new Error('there is no Deployment');
    return found;
  }

  private async helm(command: string, scenario: string, values: Values): Promise<string> {
    const text = await helm([command, NAME], scenario, { values, ...this.options(['--output', 'json']) });
    return (JSON.parse(text) as { info: { notes: string } }).info.notes;
  }

  private options(args: readonly string[]): { args: readonly string[]; env: Record<string, string> } {
    return { args: ['--namespace', this.namespace, ...args], env: { KUBECONFIG: this.cluster.kubeconfig } };
  }
}
