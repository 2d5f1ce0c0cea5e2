import { Rendered, SCENARIOS, template } from '../chart.js';
import type { Manifest } from '../manifests.js';
import type { Cluster } from './cluster.js';
import { describeCluster } from './describe-cluster.js';

/** As it is sent, and checked by the server: no field that it does not know. */
const APPLY = ['apply', '--server-side', '--validate=strict', '--filename', '-'];
const DRY_RUN = [...APPLY, '--dry-run=server'];

/** The pod as the controllers of a real cluster make it of the Deployment. */
const podOf = ({ deployment, objects }: Rendered): Manifest => {
  const { metadata, spec } = deployment.template;
  const name = objects.find(({ kind }) => kind === 'Deployment')?.metadata.name ?? '';
  return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name }, spec };
};

describeCluster('an API server of Kubernetes', (cluster) => {
  beforeAll(() => cluster().addPrometheusOperator());

  const apply = (namespace: string, manifests: string, args = APPLY): Promise<string> =>
    cluster().kubectl(['--namespace', namespace, ...args], manifests);
  const refusal = async (...args: Parameters<typeof apply>): Promise<string> =>
    apply(...args).then(
      (said) => Promise.reject(new Error(`it was taken: ${said}`)),
      (error: unknown) => (error as Error).message,
    );

  it.each(SCENARIOS)('takes what %s renders, in a dry run, for real, and a second time', async (scenario) => {
    const api: Cluster = cluster();
    const rendered = new Rendered(await template(scenario));
    await api.addNamespace(scenario);
    const said = await apply(scenario, rendered.text, DRY_RUN);
    expect(said.match(/ serverside-applied \(server dry run\)$/gm)).toHaveLength(rendered.objects.length);
    expect(await api.get(scenario, 'deployments')).toBeUndefined();
    for (let time = 1; time <= 2; time += 1) {
      expect((await apply(scenario, rendered.text)).match(/ serverside-applied$/gm)).toHaveLength(
        rendered.objects.length,
      );
    }
  });

  it.each(SCENARIOS)('admits the pods of %s where Pod Security "restricted" is enforced', async (scenario) => {
    const rendered = new Rendered(await template(scenario));
    const namespace = `${scenario}-pods`;
    await cluster().addNamespace(namespace);
    const accounts = rendered.objects.filter(({ kind }) => kind === 'ServiceAccount');
    for (const object of [...accounts, podOf(rendered), rendered.one('Pod')]) {
      await apply(namespace, JSON.stringify(object));
    }
    expect((await cluster().get<{ items: object[] }>(namespace, 'pods'))?.items).toHaveLength(2);
  });

  it.each([
    ['a process that may become root', 'allowPrivilegeEscalation: false', 'allowPrivilegeEscalation: true'],
    ['root', 'runAsNonRoot: true', 'runAsNonRoot: false'],
    ['capabilities', '- ALL', '- NET_RAW'],
    ['any system call', 'type: RuntimeDefault', 'type: Unconfined'],
  ])('would not admit %s, and warns of a Deployment with it', async (_, safe, unsafe) => {
    const namespace = `refused-${safe.length}-${unsafe.length}`;
    await cluster().addNamespace(namespace);
    const text = await template('minimal');
    const broken = new Rendered(text.replaceAll(safe, unsafe));
    expect(broken.text).not.toBe(text);
    expect(await refusal(namespace, JSON.stringify(broken.one('Pod')))).toMatch(/violates PodSecurity "restricted/);
    expect(await refusal(namespace, JSON.stringify(broken.one('Deployment')))).toMatch(/violate PodSecurity/);
  });

  it.each([
    [
      'a field that it does not know',
      'terminationGracePeriodSeconds: 30',
      'terminationGraceSeconds: 30',
      'field not declared in schema',
    ],
    ['a name that is none', 'name: store', 'name: Store', 'Invalid value'],
    ['a volume that is not there', 'mountPath: /var/lib', 'mountPath: "" #', 'Required value'],
    ['an interval that is none', 'interval: 30s', 'interval: soon', 'spec.endpoints'],
    ['a rule that waits for no time', 'for: 10m', 'for: long', 'spec.groups'],
  ])('would not take %s', async (_, right, wrong, reason) => {
    const text = await template('prometheus-operator');
    expect(text).toContain(right);
    const namespace = `wrong-${wrong.length}-${right.length}`;
    await cluster().addNamespace(namespace);
    expect(await refusal(namespace, text.replaceAll(right, wrong), DRY_RUN)).toContain(reason);
  });
});
