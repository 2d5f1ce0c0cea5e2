import { render } from './chart.js';
import { describeHelm } from './describe-helm.js';

describeHelm('the network policy', () => {
  interface Policy {
    readonly ingress: readonly [{ readonly from?: readonly object[] }];
    readonly egress: readonly { readonly ports: readonly { readonly port: number }[] }[];
  }
  const policy = async (scenario: string, values = {}): Promise<Policy> =>
    (await render(scenario, values)).one<Policy>('NetworkPolicy').spec;

  it('lets in who may send, and out what the settings name', async () => {
    const ports = (...numbers: number[]): object => ({ ports: numbers.map((port) => ({ port })) });
    const dns = { ports: [{ port: 53, protocol: 'UDP' }, { port: 53, protocol: 'TCP' }] }; // prettier-ignore
    const proxy = { to: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ...ports(3128) };
    const { ingress, egress } = await policy('ingress-networkpolicy');
    expect(egress).toEqual([dns, ports(443, 9093), proxy]);
    expect(ingress).toEqual([
      {
        ports: [{ port: 'http' }],
        from: [
          { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } },
          {
            podSelector: {
              matchLabels: { 'app.kubernetes.io/name': 'alert-threader-test', 'app.kubernetes.io/instance': 'r' },
            },
          },
        ],
      },
    ]);
    expect(await policy('redis-cluster-existing-secret')).toMatchObject({
      ingress: [{ ports: [{ port: 'http' }] }],
      egress: [dns, ports(443, 7000)],
    });
  });

  it('lets Prometheus in beside the senders', async () => {
    const pods = (name: string): object => ({
      podSelector: { matchLabels: { 'app.kubernetes.io/name': name } },
      namespaceSelector: {},
    });
    const [{ from = [] }] = (await policy('prometheus-operator')).ingress;
    expect(from).toEqual(expect.arrayContaining([pods('alertmanager'), pods('prometheus')]));
    expect(from).toHaveLength(3); // and the pod of `helm test`
    const everybody = { networkPolicy: { from: [] } };
    expect((await policy('prometheus-operator', everybody)).ingress[0]).not.toHaveProperty('from');
  });

  it('lets the pods reach DNS where it listens: policies look at the port of the pod, which is another on OpenShift', async () => {
    const [dns] = (await policy('ingress-networkpolicy', { networkPolicy: { dnsPorts: [53, 5353] } })).egress;
    const both = (port: number): object[] => ['UDP', 'TCP'].map((protocol) => ({ port, protocol }));
    expect(dns).toEqual({ ports: [...both(53), ...both(5353)] });
  });

  it.each([
    ['redis://:6399@redis', [6379, 26379]],
    ['rediss://threader:p%40ss@redis.example.com:6380/1', [6379, 6380, 26379]],
    ['redis+sentinel://:a:1234@one:26380,two:26381/mymaster/2', [6379, 26379, 26380, 26381]],
    ['redis+cluster://[fd00::1]:7000,[fd00::2]:7001', [6379, 7000, 7001, 26379]],
  ])('lets the pods reach %s', async (url, ports) => {
    const values = { networkPolicy: { enabled: true }, secrets: { REDIS_URL: url } };
    const [, out] = (await policy('redis-ha', values)).egress;
    expect(out?.ports.map(({ port }) => port).sort((a, b) => a - b)).toEqual([443, ...ports]);
  });
});
