import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import { ensureDebianPackage, INSTALL_TIMEOUT_MS } from '../../support/debian-package.js';
import { TempFolder } from '../../support/temp-folder.js';
import { CHART, refusal, render, type Rendered } from './chart.js';
import { describeHelm } from './describe-helm.js';

interface Rule {
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}
interface Groups {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

const SCENARIO = 'prometheus-operator';
const RULES = { prometheusRule: { enabled: true } };
const FILE = load(readFileSync(join(CHART, 'files/alert-threader.rules.yaml'), 'utf8')) as Groups;
const DASHBOARD = readFileSync(join(CHART, 'files/alert-threader.dashboard.json'), 'utf8');

const groupsOf = (rendered: Rendered): Groups => rendered.one<Groups>('PrometheusRule').spec;
const rulesOf = ({ groups }: Groups): readonly Rule[] => groups.flatMap(({ rules }) => rules);
const dashboardOf = (rendered: Rendered): Rendered['objects'][number] | undefined =>
  rendered.objects.find(({ metadata }) => metadata.name.endsWith('-dashboard'));

describeHelm('the ServiceMonitor', () => {
  it('leads the operator to /metrics of the Service, and to no other release', async () => {
    const rendered = await render(SCENARIO);
    const { spec, metadata } = rendered.one<{ selector: { matchLabels: object }; endpoints: object[] }>(
      'ServiceMonitor',
    );
    const service = rendered.one<{ ports: { name: string }[] }>('Service');
    expect(metadata.labels).toMatchObject({ release: 'kube-prometheus-stack' });
    expect(service.metadata.labels).toMatchObject(spec.selector.matchLabels);
    expect(spec.selector.matchLabels).toHaveProperty(['app.kubernetes.io/instance'], 'r');
    expect(spec).toMatchObject({
      jobLabel: 'app.kubernetes.io/name',
      namespaceSelector: { matchNames: ['default'] },
    });
    expect(spec.endpoints).toEqual([
      {
        port: service.spec.ports[0]?.name,
        path: '/metrics',
        interval: '30s',
        scrapeTimeout: '10s',
        metricRelabelings: [{ action: 'drop', sourceLabels: ['__name__'], regex: 'nodejs_.*' }],
      },
    ]);
  });

  it('finds the release from the namespace that Prometheus looks in', async () => {
    const namespace = { namespace: 'prometheus' };
    const rendered = await render(SCENARIO, { serviceMonitor: namespace, prometheusRule: namespace });
    for (const kind of ['ServiceMonitor', 'PrometheusRule']) {
      expect(rendered.one(kind).metadata.namespace).toBe('prometheus');
    }
    expect(rendered.one('ServiceMonitor').spec).toMatchObject({ namespaceSelector: { matchNames: ['default'] } });
  });

  it('comes when it is asked for, as the rules and the dashboard do', async () => {
    const { kinds } = await render('minimal');
    expect(kinds.filter((kind) => ['ServiceMonitor', 'PrometheusRule'].includes(kind))).toEqual([]);
    expect(kinds.filter((kind) => kind === 'ConfigMap')).toHaveLength(1);
    expect((await render('minimal', RULES)).kinds).not.toContain('ServiceMonitor');
    const { kinds: scraped } = await render('minimal', { serviceMonitor: { enabled: true } });
    expect(scraped).toContain('ServiceMonitor');
    expect(scraped).not.toContain('PrometheusRule');
  });
});

describeHelm('scraping by annotations', () => {
  it('names the port and path that the service has', async () => {
    const { deployment, container } = await render('scrape-annotations');
    expect(deployment.template.metadata.annotations).toMatchObject({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': String(container.ports[0]?.containerPort),
      'prometheus.io/path': '/metrics',
      'example.com/since': '2026',
    });
    const without = (await render('minimal')).deployment.template.metadata.annotations;
    expect(Object.keys(without).sort()).toEqual(['checksum/config', 'checksum/secrets']);
  });
});

describeHelm('the PrometheusRule', () => {
  let promtool: string;
  beforeAll(async () => {
    promtool = await ensureDebianPackage('promtool', ['prometheus']);
  }, INSTALL_TIMEOUT_MS);

  it('has what the plain file has, word for word', async () => {
    expect(groupsOf(await render('minimal', RULES)).groups).toEqual(FILE.groups);
    expect(JSON.stringify(FILE)).toContain('{{ $labels.'); // which Helm would have taken for its own
  });

  it('has the address of every runbook, the labels that are wanted and rules of their own, and not what is not wanted', async () => {
    const rules = rulesOf(groupsOf(await render(SCENARIO)));
    const names = rules.map(({ alert }) => alert);
    const before = rulesOf(FILE);
    expect(names).toEqual([
      ...before.map(({ alert }) => alert).filter((name) => name !== 'AlertThreaderSocketFlapping'),
      'AlertThreaderManyOpen',
    ]);
    for (const { alert, expr, labels, annotations = {} } of rules.slice(0, -1)) {
      const plain = before.find((rule) => rule.alert === alert);
      const { runbook = '', ...others } = plain?.annotations ?? {};
      expect(runbook).toMatch(/^docs\/[\w-]+\.md#[\w-]+$/);
      expect(annotations).toEqual({
        ...others,
        runbook_url: `https://git.example.com/alert-threader/blob/main/${runbook}`,
      });
      expect(labels).toEqual({ ...plain?.labels, team: 'platform' });
      expect(expr).toBe(plain?.expr);
    }
    expect(rules.at(-1)?.annotations).toEqual({ summary: '{{ $value }} incidents are open' });
  });

  it('can give every alert another severity', async () => {
    const values = { prometheusRule: { enabled: true, ruleLabels: { severity: 'page' } } };
    for (const { labels } of rulesOf(groupsOf(await render('minimal', values))))
      expect(labels?.['severity']).toBe('page');
  });

  it('is what Prometheus takes', async () => {
    const folder = new TempFolder();
    const check = async (values: object): Promise<string> => {
      writeFileSync(folder.file('rules.yaml'), dump(groupsOf(await render(SCENARIO, { ...values }))));
      return execFileSync(promtool, ['check', 'rules', folder.file('rules.yaml')], { encoding: 'utf8', stdio: 'pipe' });
    };
    try {
      expect(await check({})).toContain(`SUCCESS: ${rulesOf(FILE).length} rules found`);
      const broken = { prometheusRule: { extraRules: [{ alert: 'Broken', expr: 'up ==' }] } };
      await expect(check(broken)).rejects.toThrow(/group "alert-threader.extra"[^]*parse error/);
    } finally {
      folder.remove();
    }
  });

  it('says which alerts there are to whom it leaves none out', async () => {
    const said = await refusal('minimal', { prometheusRule: { enabled: true, disabledAlerts: ['NotReady'] } });
    expect(said).toContain('prometheusRule.disabledAlerts names NotReady, which is no alert: there are ');
    for (const { alert = '' } of rulesOf(FILE)) expect(said).toContain(alert);
  });
});

describeHelm('the dashboard', () => {
  it('is the plain file, where the sidecar of Grafana looks for it', async () => {
    const found = dashboardOf(await render(SCENARIO));
    expect(found?.metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    expect(found?.metadata.annotations).toEqual({ grafana_folder: 'Alerting' });
    const [[name, text] = []] = Object.entries(found?.data ?? {});
    expect(name).toBe('r-alert-threader.json');
    expect(JSON.parse(text ?? '')).toEqual(JSON.parse(DASHBOARD));
    expect(Buffer.byteLength(text ?? '')).toBeLessThan(900_000); // of the 1 MiB that a ConfigMap may have
  });

  it('looks as a sidecar with other settings wants it', async () => {
    const found = dashboardOf(
      await render('minimal', {
        grafanaDashboard: {
          enabled: true,
          labels: { grafana_dashboard: null, dashboards: 'yes' },
          annotations: { 'k8s-sidecar-target-directory': '/tmp/alerts' },
          namespace: 'grafana',
        },
      }),
    );
    expect(found?.metadata.namespace).toBe('grafana');
    expect(found?.metadata.labels).toMatchObject({ dashboards: 'yes' });
    expect(found?.metadata.labels).not.toHaveProperty('grafana_dashboard');
    expect(found?.metadata.annotations).toEqual({ 'k8s-sidecar-target-directory': '/tmp/alerts' });
  });
});
