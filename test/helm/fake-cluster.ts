import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { TempFolder } from '../support/temp-folder.js';
import { KUBE_VERSION } from './chart.js';

/** What the chart renders, by its API. */
const RESOURCES: Readonly<Record<string, readonly string[]>> = {
  v1: ['ConfigMap', 'PersistentVolumeClaim', 'Pod', 'Secret', 'Service', 'ServiceAccount'],
  'apps/v1': ['Deployment'],
};

const resource = (kind: string): object => {
  const singularName = kind.toLowerCase();
  return { name: `${singularName}s`, singularName, kind, namespaced: true, verbs: ['get', 'list', 'create'] };
};

/** As much of a Kubernetes API as `lookup` and a dry run ask for: versions, resources, and the Secrets that a test puts there. */
export class FakeCluster {
  /** By name, in the namespace `default`; values as a Secret has them. */
  readonly secrets = new Map<string, Readonly<Record<string, string>>>();
  private readonly folder = new TempFolder();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://cluster');
      const answer = request.method === 'GET' ? this.answer(pathname) : undefined;
      const missing = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 };
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? missing));
    });
  }

  static async start(): Promise<FakeCluster> {
    const cluster = new FakeCluster();
    cluster.server.listen(0, '127.0.0.1');
    await once(cluster.server, 'listening');
    const { port } = cluster.server.address() as AddressInfo;
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'fake', cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: 'nobody', user: {} }],
      contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'nobody' } }],
      'current-context': 'fake',
    };
    writeFileSync(cluster.kubeconfig, JSON.stringify(config));
    return cluster;
  }

  get kubeconfig(): string {
    return this.folder.file('kubeconfig');
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
    this.folder.remove();
  }

  private answer(path: string): object | undefined {
    const [, secret = ''] = /^\/api\/v1\/namespaces\/default\/secrets\/([\w.-]+)$/.exec(path) ?? [];
    const data = this.secrets.get(secret);
    if (data !== undefined) return { apiVersion: 'v1', kind: 'Secret', metadata: { name: secret }, data };
    if (path === '/version') return { major: '1', minor: '34', gitVersion: `v${KUBE_VERSION}` };
    if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
    if (path === '/api/v1/namespaces/default/secrets') return { apiVersion: 'v1', kind: 'SecretList', items: [] };
    if (path === '/apis') {
      const version = { groupVersion: 'apps/v1', version: 'v1' };
      return { kind: 'APIGroupList', groups: [{ name: 'apps', versions: [version], preferredVersion: version }] };
    }
    const groupVersion = path.replace(/^\/apis?\//, '');
    const kinds = RESOURCES[groupVersion];
    return kinds && { kind: 'APIResourceList', groupVersion, resources: kinds.map(resource) };
  }
}
