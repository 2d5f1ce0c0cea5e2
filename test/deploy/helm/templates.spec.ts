import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { CHART, render, template, type Values } from './chart.js';
import { faultsOf } from './conform.js';
import { describeHelm } from './describe-helm.js';
import type { PodSpec } from './manifests.js';

const kindsOf = async (scenario: string, values = {}): Promise<string[]> => (await render(scenario, values)).kinds;

describeHelm('the Deployment', () => {
  it('of a file store ends the old pod before the new one starts', async () => {
    const { deployment } = await render('minimal');
    expect(deployment.replicas).toBe(1);
    expect(deployment.strategy).toEqual({ type: 'Recreate' });
    expect(deployment.template.spec.topologySpreadConstraints).toBeUndefined();
  });

  it('on Redis is never short of a pod, and spreads them', async () => {
    const { deployment } = await render('redis-ha');
    expect(deployment.replicas).toBe(3);
    expect(deployment.strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
    const { topologySpreadConstraints: spread = [], volumes = [] } = deployment.template.spec;
    expect(spread.map(({ topologyKey }) => topologyKey)).toEqual([
      'kubernetes.io/hostname',
      'topology.kubernetes.io/zone',
    ]);
    expect(volumes.map(({ name }) => name)).toEqual(['ca']);
  });

  it('leaves the number of pods to the autoscaler', async () => {
    const rendered = await render('redis-sentinel-autoscaling');
    expect(rendered.deployment).not.toHaveProperty('replicas');
    expect(rendered.one('HorizontalPodAutoscaler').spec).toMatchObject({
      scaleTargetRef: { kind: 'Deployment', name: rendered.one('Deployment').metadata.name },
      minReplicas: 2,
      maxReplicas: 4,
    });
  });

  it('probes the process alone for life, the store for traffic, and waits a minute for the start', async () => {
    const { startupProbe, livenessProbe, readinessProbe } = (await render('minimal')).container;
    const paths = [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => [httpGet.path, httpGet.port]);
    expect(paths).toEqual([
      ['/health/live', 'http'],
      ['/health/live', 'http'],
      ['/health/ready', 'http'],
    ]);
    expect(startupProbe.periodSeconds * startupProbe.failureThreshold).toBeGreaterThanOrEqual(30);
  });

  it('gives the service longer to end than it takes, and nodes the time to know', async () => {
    for (const [scenario, pause] of [
      ['minimal', 0],
      ['redis-ha', 5],
    ] as const) {
      const { deployment, container } = await render(scenario);
      const seconds = container.lifecycle?.preStop?.sleep?.seconds ?? 0;
      expect(seconds).toBe(pause); // a file store alone has nobody else to take what comes meanwhile
      const { terminationGracePeriodSeconds = 0 } = deployment.template.spec;
      expect(terminationGracePeriodSeconds).toBeGreaterThan(seconds + 10);
    }
  });

  it('takes the image by digest before tag before the version of the chart', async () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const image = async (image: object): Promise<string> => (await render('minimal', { image })).container.image;
    expect(await image({})).toBe('alert-threader:0.1.0');
    expect(await image({ repository: 'r.example.com/a', tag: '1.2' })).toBe('r.example.com/a:1.2');
    expect(await image({ repository: 'r.example.com/a', tag: '1.2', digest })).toBe(`r.example.com/a@${digest}`);
  });
});

describeHelm('annotations', () => {
  it('of the Deployment, and of its pods', async () => {
    const deployment = (await render('file-existing-secret')).one('Deployment');
    expect(deployment.metadata.annotations).toEqual({ 'reloader.stakater.com/auto': 'true' });
    const { template } = (await render('every-setting')).deployment;
    expect(template.metadata.annotations).toMatchObject({ 'example.com/since': '2026' });
    expect((await render('minimal')).one('Deployment').metadata.annotations).toBeUndefined();
  });
});

describeHelm('labels and annotations that are given', () => {
  it('take the place of the usual ones, once', async () => {
    const rendered = await render('prometheus-operator', {
      scrapeAnnotations: true,
      commonLabels: { release: 'ours', 'app.kubernetes.io/version': '7' },
      podAnnotations: { 'prometheus.io/port': '15020' },
      grafanaDashboard: { annotations: { grafana_folder: 'Ours' } },
    });
    expect(rendered.one('Service').metadata.labels).toMatchObject({
      release: 'ours',
      'app.kubernetes.io/version': '7',
      'app.kubernetes.io/managed-by': 'Helm',
    });
    // what is said of one object goes before what is said of all
    expect(rendered.one('ServiceMonitor').metadata.labels['release']).toBe('kube-prometheus-stack');
    expect(rendered.one('PrometheusRule').metadata.labels['release']).toBe('kube-prometheus-stack');
    const dashboard = rendered.objects.find(({ metadata }) => metadata.name.endsWith('-dashboard'));
    expect(dashboard?.metadata.annotations).toEqual({ grafana_folder: 'Ours' });
    expect(rendered.deployment.template.metadata.annotations).toMatchObject({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '15020',
    });
  });
});

describeHelm('values that are there and say nothing, as `podLabels:`', () => {
  /** Every value that is empty by itself, as null. */
  const emptied = (values: object): Values =>
    Object.fromEntries(
      Object.entries(values).flatMap<[string, unknown]>(([name, value]: [string, unknown]) => {
        if (isEmpty(value)) return [[name, null]];
        return typeof value === 'object' && value !== null && !Array.isArray(value) ? [[name, emptied(value)]] : [];
      }),
    );
  const isEmpty = (value: unknown): boolean => ['""', '[]', '{}'].includes(JSON.stringify(value));

  it('are as good as none', async () => {
    const defaults = load(readFileSync(join(CHART, 'values.yaml'), 'utf8')) as Values;
    const { config: _config, secrets: _secrets, ...nothing } = emptied(defaults);
    expect(Object.keys(nothing)).toEqual(
      expect.arrayContaining(['podLabels', 'existingSecret', 'extraEnv', 'ingress']),
    );
    const both = await Promise.all(
      [{}, nothing].map((values: Values) => {
        const on = (name: string): object => ({ [name]: { ...(values[name] as object), enabled: true } });
        const wanted = ['networkPolicy', 'serviceMonitor', 'prometheusRule', 'grafanaDashboard'].map(on);
        const secrets = { WEBHOOK_TOKEN: 'w', ADMIN_TOKEN: 'a' };
        return template('minimal', Object.assign({ ...values, secrets }, ...wanted) as Values);
      }),
    );
    expect(both[1]).toBe(both[0]);
  });

  it.each(['resources', 'podSecurityContext', 'securityContext'])('%s: are left to the cluster', async (name) => {
    const text = await template('minimal', { [name]: null });
    expect(await faultsOf(text)).toEqual([]);
  });
});

describeHelm('the volume', () => {
  const source = async (scenario: string, values = {}): Promise<object | undefined> =>
    (await render(scenario, values)).deployment.template.spec.volumes?.[0];

  it('is a claim that outlives the release, in the default class', async () => {
    const claim = (await render('minimal')).one('PersistentVolumeClaim');
    expect(await source('minimal')).toEqual({
      name: 'store',
      persistentVolumeClaim: { claimName: claim.metadata.name },
    });
    expect(claim.metadata.annotations).toEqual({ 'helm.sh/resource-policy': 'keep' });
    expect(claim.spec).toEqual({ accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } });
  });

  it('can be another one', async () => {
    const rendered = await render('file-storage');
    const { metadata, spec } = rendered.one('PersistentVolumeClaim');
    expect(metadata.annotations).toEqual({ 'example.com/backup': 'daily' });
    expect(spec).toMatchObject({ storageClassName: 'fast', accessModes: ['ReadWriteOncePod'] });
    const kept = { keep: true, annotations: { 'helm.sh/resource-policy': 'keep' } };
    expect((await render('minimal', { persistence: kept })).one('PersistentVolumeClaim').metadata.annotations).toEqual({
      'helm.sh/resource-policy': 'keep',
    });
    const none = await render('file-storage', { persistence: { storageClass: '-' } });
    expect(none.one('PersistentVolumeClaim').spec).toMatchObject({ storageClassName: '' });
  });

  it('can be there already, be left out, and is not made for Redis', async () => {
    expect(await kindsOf('file-existing-secret')).not.toContain('PersistentVolumeClaim');
    expect(await source('file-existing-secret')).toMatchObject({
      persistentVolumeClaim: { claimName: 'alert-threader-data' },
    });
    expect(await kindsOf('file-empty-dir')).not.toContain('PersistentVolumeClaim');
    expect(await source('file-empty-dir')).toMatchObject({ emptyDir: {} });
    expect(await kindsOf('redis-ha')).not.toContain('PersistentVolumeClaim');
  });
});

describeHelm('the other objects', () => {
  it('without a wish: no ingress, no policy, no autoscaler, no budget for one pod', async () => {
    expect(await kindsOf('minimal')).toEqual([
      'ConfigMap',
      'Deployment',
      'PersistentVolumeClaim',
      'Pod',
      'Secret',
      'Service',
      'ServiceAccount',
    ]);
  });

  it('a budget where there are more pods, unless it is not wanted', async () => {
    expect((await render('redis-ha')).one('PodDisruptionBudget').spec).toMatchObject({ maxUnavailable: 1 });
    expect((await render('redis-sentinel-autoscaling')).one('PodDisruptionBudget').spec).toMatchObject({
      maxUnavailable: '50%',
    });
    expect(await kindsOf('redis-cluster-existing-secret')).not.toContain('PodDisruptionBudget');
    expect(await kindsOf('redis-ha', { replicaCount: 1 })).not.toContain('PodDisruptionBudget');
  });

  it('a budget for as many pods as an autoscaler may start', async () => {
    const budgeted = async (minReplicas: number, maxReplicas: number): Promise<boolean> =>
      (await kindsOf('redis-sentinel-autoscaling', { autoscaling: { minReplicas, maxReplicas } })).includes(
        'PodDisruptionBudget',
      );
    expect(await budgeted(1, 4)).toBe(true);
    expect(await budgeted(1, 1)).toBe(false);
  });

  it('an ingress that shows the webhook alone', async () => {
    const { spec } = (await render('ingress-networkpolicy')).one('Ingress');
    expect(spec).toMatchObject({
      ingressClassName: 'nginx',
      rules: [{ host: 'alerts.example.com', http: { paths: [{ path: '/alert', pathType: 'Exact' }] } }],
      tls: [{ secretName: 'alerts-tls', hosts: ['alerts.example.com'] }],
    });
  });

  it('a test that may pull the image: with the same secrets, and as the same service account unless it is the chart’s', async () => {
    const [service, test] = (await render('file-existing-secret', { serviceAccount: { name: 'ours' } })).pods;
    expect([service?.serviceAccountName, test?.serviceAccountName]).toEqual(['ours', 'ours']);
    expect(test?.imagePullSecrets).toEqual([{ name: 'registry-login' }]);
    expect(test?.imagePullSecrets).toEqual(service?.imagePullSecrets);
    expect((await render('minimal')).pods.map((pod) => pod.serviceAccountName)).toEqual([
      'r-alert-threader',
      undefined,
    ]);
  });

  it('a Service that finds the pods of the Deployment, and not that of the test', async () => {
    for (const values of [
      {},
      { nameOverride: 'threads' },
      { fullnameOverride: 'threads' },
      { commonLabels: { a: 'b' } },
    ]) {
      const rendered = await render('minimal', values);
      const { selector } = rendered.one<{ selector: Record<string, string> }>('Service').spec;
      expect(rendered.deployment.selector.matchLabels).toEqual(selector);
      expect(rendered.deployment.template.metadata.labels).toMatchObject(selector);
      expect(rendered.one<PodSpec>('Pod').metadata.labels).not.toMatchObject(selector);
    }
  });

  it.each([
    ['ingress-networkpolicy', {}],
    ['prometheus-operator', {}],
    ['minimal', { nameOverride: 'threads--of-alerts' }], // cut behind the second dash
  ])('%s: have names that Kubernetes takes, however long the release is called', async (scenario, values) => {
    const { objects } = await render(scenario, values, 'a'.repeat(53));
    for (const { metadata } of objects) {
      expect(metadata.name).toMatch(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/);
      for (const value of Object.values(metadata.labels))
        expect(value).toMatch(/^[a-zA-Z0-9]([\w.-]{0,61}[a-zA-Z0-9])?$/);
    }
    expect(new Set(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).size).toBe(objects.length);
  });
});
