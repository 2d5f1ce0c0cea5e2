import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ensureDebianPackage } from '../../../support/debian-package.js';
import { eventually } from '../../../support/eventually.js';
import { freePort } from '../../../support/free-port.js';
import { TempFolder } from '../../../support/temp-folder.js';
import type { Manifest } from '../manifests.js';
import { ensureHelm } from '../tools.js';
import { Daemon } from './daemon.js';
import { kubernetesTool } from './kubernetes-tool.js';

const run = promisify(execFile);

/** Made by tools/helm/kubernetes-schemas.mjs. */
const CRDS = join(__dirname, '../crds');
const ROOT = join(__dirname, '../../../..');
const HOST = '127.0.0.1';
const START_WITHIN_MS = 60_000;
const READY_WITHIN_MS = 10_000;

export interface ClusterPrograms {
  readonly etcd: string;
  readonly apiServer: string;
  readonly kubectl: string;
  readonly helm: string;
}

/** The programs of a cluster, compiled or installed first where they are missing. */
export const ensureCluster = async (): Promise<ClusterPrograms> => ({
  helm: (await ensureHelm()).helm,
  etcd: await ensureDebianPackage('etcd', ['etcd-server']),
  apiServer: await kubernetesTool('kube-apiserver'),
  kubectl: await kubernetesTool('kubectl'),
});

/**
 * Kubernetes' own API server on its own etcd. It takes, checks and keeps objects as every cluster does; there are no
 * controllers and no nodes, so no pod ever runs.
 */
export class Cluster {
  private readonly daemons: Daemon[] = [];

  private constructor(
    private readonly folder: TempFolder,
    private readonly programs: ClusterPrograms,
  ) {}

  static async start(): Promise<Cluster> {
    const cluster = new Cluster(new TempFolder(), await ensureCluster());
    try {
      await cluster.boot();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /** Of the cluster's administrator. */
  get kubeconfig(): string {
    return this.folder.file('kubeconfig');
  }

  /** Its standard output; rejects with its words. Warnings of the server are errors. */
  async kubectl(args: readonly string[], input = ''): Promise<string> {
    const options = { env: this.environment, maxBuffer: 2 ** 24 };
    const running = run(this.programs.kubectl, ['--warnings-as-errors', ...args], options);
    running.child.stdin?.end(input);
    try {
      return (await running).stdout;
    } catch (error) {
      throw new Error((error as { stderr: string }).stderr, { cause: error });
    }
  }

  /** Helm's commands beside those of `chart.ts`, which are about the chart's files. */
  async helm(args: readonly string[]): Promise<string> {
    return (await run(this.programs.helm, args, { env: this.environment })).stdout;
  }

  /** Commands as they stand in a manual, with `helm` and `kubectl`. */
  async shell(commands: string, cwd = ROOT): Promise<string> {
    const folders = [this.programs.kubectl, this.programs.helm].map((program) => dirname(program));
    const env = { ...this.environment, PATH: [...folders, this.environment.PATH].join(delimiter) };
    return (await run('sh', ['-euc', commands], { env, cwd })).stdout;
  }

  private get environment(): { KUBECONFIG: string; HOME: string; PATH: string } {
    return { KUBECONFIG: this.kubeconfig, HOME: this.folder.path, PATH: process.env['PATH'] ?? '' };
  }

  /** @param what as `secret/tokens`, or `secrets` for all of them. Undefined where there is none. */
  async get<T = Manifest>(namespace: string, what: string): Promise<T | undefined> {
    const args = ['--namespace', namespace, 'get', what, '--ignore-not-found', '--output', 'json'];
    const text = await this.kubectl(args);
    return text === '' ? undefined : (JSON.parse(text) as T);
  }

  /**
   * A namespace where Pod Security "restricted" is enforced, and warned of for what makes pods. The controllers of
   * a real cluster would give it the service account `default`.
   */
  async addNamespace(name: string): Promise<void> {
    const labels = ['enforce', 'warn', 'audit'].map((mode) => `pod-security.kubernetes.io/${mode}=restricted`);
    await this.kubectl(['create', 'namespace', name]);
    await this.kubectl(['label', 'namespace', name, ...labels]);
    await this.kubectl(['create', 'serviceaccount', 'default', '--namespace', name]);
  }

  /** What the Prometheus Operator brings. */
  async addPrometheusOperator(): Promise<void> {
    for (const file of readdirSync(CRDS)) await this.kubectl(['create', '--filename', join(CRDS, file)]);
    await this.kubectl(['wait', '--for=condition=Established', '--timeout=30s', 'crd', '--all']);
  }

  async stop(): Promise<void> {
    for (const daemon of this.daemons.reverse()) await daemon.kill();
    this.folder.remove();
  }

  private async boot(): Promise<void> {
    const [clients, peers, port] = [await freePort(), await freePort(), await freePort()];
    const store = `http://${HOST}:${clients}`;
    const peer = `http://${HOST}:${peers}`;
    this.run(this.programs.etcd, {
      'data-dir': this.folder.file('etcd'),
      'listen-client-urls': store,
      'advertise-client-urls': store,
      'listen-peer-urls': peer,
      'initial-advertise-peer-urls': peer,
      'initial-cluster': `default=${peer}`,
    });
    const keys = this.writeServiceAccountKeys();
    const token = this.writeAdministrator();
    const server = this.run(this.programs.apiServer, {
      'etcd-servers': store,
      'bind-address': HOST,
      'secure-port': String(port),
      'cert-dir': this.folder.file('certificates'), // it makes one of its own there
      'service-cluster-ip-range': '10.0.0.0/24',
      'service-account-issuer': 'https://kubernetes.default.svc',
      'service-account-key-file': keys.public,
      'service-account-signing-key-file': keys.private,
      'token-auth-file': this.folder.file('tokens.csv'),
      'authorization-mode': 'RBAC',
      'anonymous-auth': 'false',
      'endpoint-reconciler-type': 'none', // it refuses to be found at a loopback address
    });
    this.writeKubeconfig(port, token);
    const instead = (): string => server.output;
    const probe = async (): Promise<string> => {
      if (this.daemons.some(({ hasEnded }) => hasEnded)) return DIED;
      return this.kubectl(['get', '--raw', '/readyz', '--request-timeout', `${READY_WITHIN_MS}ms`]);
    };
    const said = await eventually('the API server to be ready', probe, { timeoutMs: START_WITHIN_MS, instead });
    if (said === DIED) throw new Error(`etcd or the API server died\n${instead()}`);
  }

  private run(program: string, flags: Readonly<Record<string, string>>): Daemon {
    const daemon = new Daemon(
      program,
      Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    );
    this.daemons.push(daemon);
    return daemon;
  }

  private writeServiceAccountKeys(): { public: string; private: string } {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const files = { public: this.folder.file('accounts.pub'), private: this.folder.file('accounts.key') };
    writeFileSync(files.public, publicKey.export({ type: 'spki', format: 'pem' }));
    writeFileSync(files.private, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
    return files;
  }

  /** @returns what the administrator shows */
  private writeAdministrator(): string {
    const token = randomBytes(16).toString('hex');
    writeFileSync(this.folder.file('tokens.csv'), `${token},administrator,1,system:masters\n`, { mode: 0o600 });
    return token;
  }

  private writeKubeconfig(port: number, token: string): void {
    const authority = this.folder.file('certificates/apiserver.crt');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'test', cluster: { server: `https://${HOST}:${port}`, 'certificate-authority': authority } }],
      users: [{ name: 'administrator', user: { token } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'administrator' } }],
      'current-context': 'test',
    };
    writeFileSync(this.kubeconfig, JSON.stringify(config), { mode: 0o600 });
  }
}

const DIED = 'died';
