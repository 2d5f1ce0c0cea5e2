import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { TempFolder } from '../../support/temp-folder.js';
import { describeCluster } from '../helm/cluster/describe-cluster.js';
import { ALL_COMMANDS, oneByOne } from './commands.js';
import { readMarkdown, ROOT } from './markdown.js';
import { NEEDS_A_NODE } from './needs-a-node.js';

const NAMESPACE = 'monitoring';
const STORE_POD = 'config/kubernetes/store-pod.yaml';
/** The other manual's commands; test/deploy/helm/cluster/release.spec.ts runs them. */
const CHART = 'helm/alert-threader/README.md';

const COMMANDS = ALL_COMMANDS.filter(({ document }) => document !== CHART)
  .flatMap(({ text }) => oneByOne(text))
  .filter((command) => /^(helm|kubectl) \S+ /.test(command));

const only = (pattern: RegExp): string => {
  const found = [...new Set(COMMANDS.filter((command) => pattern.test(command)))];
  if (found.length !== 1) throw new Error(`expected one command ${String(pattern)}, found ${found.join('\n')}`);
  return found[0] ?? '';
};

interface PodOfClaim {
  readonly metadata: { readonly labels?: object };
  readonly spec: {
    readonly securityContext: object;
    readonly volumes: readonly {
      readonly name: string;
      readonly persistentVolumeClaim?: { readonly claimName: string };
    }[];
    readonly containers: readonly {
      readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
    }[];
  };
}

/** Which claim a pod has, and where. */
const claimOf = (pod: PodOfClaim | undefined): { claim: string | undefined; path: string | undefined } => {
  const volume = pod?.spec.volumes.find(({ persistentVolumeClaim: claim }) => claim !== undefined);
  const mount = pod?.spec.containers[0]?.volumeMounts.find(({ name }) => name === volume?.name);
  return { claim: volume?.persistentVolumeClaim?.claimName, path: mount?.mountPath };
};

describeCluster('commands of the documents for Kubernetes', (cluster) => {
  const folder = new TempFolder();
  const shell = (command: string): Promise<string> =>
    cluster().shell(command.replace('tokens.yaml', folder.file('tokens.yaml')));

  beforeAll(async () => {
    await cluster().addNamespace(NAMESPACE);
    await cluster().shell(`kubectl config set-context --current --namespace ${NAMESPACE}`);
    const [example] = readMarkdown('README.md').blocks.filter(({ text }) => text.startsWith('secrets:'));
    writeFileSync(folder.file('tokens.yaml'), example?.text.replaceAll('…', '1-manual') ?? '');
  });
  afterAll(() => {
    folder.remove();
  });

  it('install, restart, upgrade, roll back and remove', async () => {
    expect(await shell(only(/^helm install/))).toContain('STATUS: deployed');
    const secret = await cluster().get<{ data: Record<string, string> }>(NAMESPACE, 'secret/alert-threader');
    const token = Buffer.from(secret?.data['SLACK_BOT_TOKEN'] ?? '', 'base64').toString();
    expect(token).toBe('xoxb-1-manual');
    expect(await shell(only(/rollout restart/))).toContain('deployment.apps/alert-threader restarted');

    expect(await shell(only(/^helm upgrade/))).toContain('REVISION: 2');
    expect(await shell(only(/^helm rollback/))).toContain('Rollback was a success');
    expect(await shell(only(/^helm uninstall/))).toContain('uninstalled');
    expect(await cluster().get(NAMESPACE, 'persistentvolumeclaim/alert-threader')).toBeDefined();
    // what removes a claim for good is a controller, for which kubectl would wait
    const removal = `${only(/delete persistentvolumeclaim/)} --wait=false`;
    expect(await shell(removal)).toContain('persistentvolumeclaim "alert-threader" deleted');
  });

  it('put a backup back: the service ends, and a pod that is admitted has its claim', async () => {
    await shell(only(/^helm install/));
    const replicas = async (): Promise<unknown> =>
      (await cluster().get<{ spec: { replicas: number } }>(NAMESPACE, 'deployment/alert-threader'))?.spec.replicas;
    await shell(only(/ scale .* 0$/));
    expect(await replicas()).toBe(0);
    await shell(only(/ wait --for=delete /));

    const apply = only(/ apply --filename /);
    expect(apply).toContain(STORE_POD);
    // the namespace enforces Pod Security "restricted"
    expect(await shell(`${apply} --dry-run=server --validate=strict`)).toContain('created (server dry run)');
    await shell(apply);
    const pod = await cluster().get<PodOfClaim>(NAMESPACE, 'pod/alert-threader-store');
    const deployment = await cluster().get<{ spec: { template: PodOfClaim } }>(NAMESPACE, 'deployment/alert-threader');
    const service = deployment?.spec.template;
    expect(claimOf(pod)).toEqual({ claim: 'alert-threader', path: '/var/lib/alert-threader' });
    expect(claimOf(pod)).toEqual(claimOf(service));
    expect(service?.spec.securityContext).toMatchObject(pod?.spec.securityContext ?? { none: true });
    // the Service must not send alerts to it
    expect(pod?.metadata.labels).toBeUndefined();
    expect(only(/ cp /)).toContain(' alert-threader-store:/var/lib/alert-threader/threads.json');

    expect(await shell(only(/ delete pod /))).toContain('pod "alert-threader-store" deleted');
    await shell(only(/ scale .* 1$/));
    expect(await replicas()).toBe(1);
    await shell(only(/^helm uninstall/));
  });

  it('would not have that pod admitted with any right more', async () => {
    const right = readFileSync(join(ROOT, STORE_POD), 'utf8');
    for (const [safe, unsafe] of [
      ['allowPrivilegeEscalation: false', 'allowPrivilegeEscalation: true'],
      ['runAsNonRoot: true', 'runAsNonRoot: false'],
      ['drop: [ALL]', 'drop: []'],
      ['type: RuntimeDefault', 'type: Unconfined'],
    ] as const) {
      expect(right).toContain(safe);
      const broken = cluster().kubectl(
        ['create', '--namespace', NAMESPACE, '--dry-run=server', '--filename', '-'],
        right.replace(safe, unsafe),
      );
      await expect(broken).rejects.toThrow(/violates PodSecurity "restricted/);
    }
    expect(load(right)).toMatchObject({ kind: 'Pod' });
  });

  it('are all of these', () => {
    const known =
      /^(helm (install|upgrade|rollback|uninstall)|kubectl .*(rollout restart|delete persistentvolumeclaim|scale|wait --for=delete|apply|delete pod)) /;
    expect(COMMANDS.filter((command) => !known.test(command) && !NEEDS_A_NODE.test(command))).toEqual([]);
  });

  it('name objects of the chart where they need a node', async () => {
    const words = COMMANDS.filter((command) => NEEDS_A_NODE.test(command)).flatMap((command) => command.split(/\s/));
    const objects = [...new Set(words.filter((word) => /^(deployment|service)\//.test(word)))];
    expect(objects.sort()).toEqual(['deployment/alert-threader', 'service/alert-threader']);
    const pods = words.filter((word) => /^pod\//.test(word));
    expect(pods).toEqual(['pod/alert-threader-store']);
    await shell(only(/^helm install/));
    for (const object of objects) expect(await cluster().get(NAMESPACE, object)).toBeDefined();
  });
});
