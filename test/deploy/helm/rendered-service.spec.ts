import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { startSimulator, type Simulator } from '../../../simulator/simulator.js';
import type { Config } from '../../../src/config/config.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { Secret } from '../../../src/config/secret.js';
import { INSTALL_TIMEOUT_MS } from '../../support/debian-package.js';
import { eventually } from '../../support/eventually.js';
import { ensureRedis, RedisServer } from '../../support/redis-server.js';
import { withPeople } from '../../support/service-environment.js';
import { endServices } from '../../support/service-process.js';
import { CHANNEL, SlackChannel } from '../../support/slack-channel.js';
import { render, type Rendered } from './chart.js';
import { describeHelm } from './describe-helm.js';
import { readImage } from './image.js';
import type { PodSpec } from './manifests.js';
import { inPlaceOfImage, podEnvironment, PodProcess } from './pod-process.js';

const ALERT = {
  labels: { alertname: 'PodDown', severity: 'critical', namespace: 'shop' },
  startsAt: '2026-11-01T00:00:00Z',
};
/** With its secrets, which are equal to each other otherwise. */
const plain = (config: Config): object =>
  Object.fromEntries(Object.entries(config).map(([name, it]) => [name, it instanceof Secret ? it.reveal() : it]));
const bearer = (token = ''): Record<string, string> => ({ authorization: `Bearer ${token}` });

describeHelm('the service as the chart runs it', () => {
  let simulator: Simulator;
  let pod: PodProcess | undefined;

  beforeEach(async () => {
    simulator = await startSimulator({ pace: 'off' });
  });
  afterEach(async () => {
    await endServices();
    pod?.remove();
    pod = undefined;
    await simulator.close();
  });

  /** With nothing but tokens and a channel, and the address of the simulator. */
  const rendered = (scenario = 'minimal', secrets = {}): Promise<Rendered> =>
    render(scenario, {
      config: { SLACK_CHANNEL: CHANNEL, SLACK_API_URL: simulator.apiUrl },
      secrets: { SLACK_BOT_TOKEN: simulator.botToken, SLACK_APP_TOKEN: simulator.appToken, ...secrets },
    });
  const start = async (manifests: Rendered): Promise<PodProcess> => (pod = await PodProcess.start(manifests));

  /** What the pod of `helm test` does, against this process. */
  const helmTest = async (manifests: Rendered, url: string): Promise<number> => {
    const { command = [], args = [], env } = manifests.one<PodSpec>('Pod').spec.containers[0];
    const [target = ''] = env.map(({ value = '' }) => value);
    expect(target).toBe('http://r-alert-threader:9009/health/ready');
    const [, ...rest] = inPlaceOfImage([...command, ...args]);
    const child = spawn(process.execPath, rest, {
      env: { READY_URL: target.replace('http://r-alert-threader:9009', url) },
      stdio: 'ignore',
    });
    const [code] = (await once(child, 'close')) as [number];
    return code;
  };

  it('is the process that the other tests start, with the same settings but for its own', async () => {
    const manifests = await rendered();
    const image = readImage();
    expect(manifests.container.command).toBeUndefined();
    expect(image).toMatchObject({ entrypoint: ['node', 'dist/main.js'], cmd: [], workdir: '/app' });
    const { runAsUser, runAsGroup } = manifests.deployment.template.spec.securityContext;
    expect(image.user).toBe(`${String(runAsUser)}:${String(runAsGroup)}`);

    const ours = podEnvironment(manifests);
    const tests = withPeople(simulator);
    expect(
      Object.keys(ours)
        .filter((name) => !(name in tests))
        .sort(),
    ).toEqual([
      'ADMIN_TOKEN',
      'BIND_PORT',
      'NODE_ENV',
      'NODE_OPTIONS',
      'PATH',
      'THREAD_KEY_LABELS',
      'THREAD_STORE',
      'THREAD_STORE_FILE',
      'WEBHOOK_TOKEN',
    ]);
    const { WEBHOOK_TOKEN = '', ADMIN_TOKEN = '', THREAD_STORE_FILE = '' } = ours;
    const settings = { ENVIRONMENT: 'staging', THREAD_KEY_LABELS: 'alertname,severity,namespace,service,cluster' };
    const asTests = { ...tests, ...settings, WEBHOOK_TOKEN, ADMIN_TOKEN, THREAD_STORE_FILE };
    expect(plain(loadConfig(ours))).toEqual(plain(loadConfig(asTests)));
    expect(plain(loadConfig(ours))).not.toEqual(plain(loadConfig({ ...asTests, ADMIN_TOKEN: 'another' })));

    const { environment, service } = await start(manifests);
    expect(environment).toEqual({ ...ours, BIND_HOST: '127.0.0.1', BIND_PORT: '0' });
    expect(service.log.find(({ msg }) => msg === 'listening')).toMatchObject({ threadStore: 'file' });
  });

  it('has no rights, and can write to the volume of its store and to nothing else', async () => {
    const manifests = await rendered();
    const process = await start(manifests);
    expect(process.status('Uid')).toBe('65532 65532 65532 65532');
    expect(process.status('Gid')).toBe('65532 65532 65532 65532');
    expect(process.status('NoNewPrivs')).toBe('1');
    for (const set of ['CapEff', 'CapPrm', 'CapInh', 'CapBnd', 'CapAmb']) expect(process.status(set)).toMatch(/^0+$/);

    const folder = dirname(process.environment['THREAD_STORE_FILE'] ?? '');
    expect(manifests.container.volumeMounts).toEqual([{ name: 'store', mountPath: folder }]);
    expect(() => {
      process.write(folder);
    }).not.toThrow();
    for (const other of ['/tmp', '/srv/app', '/var/lib', '/var/tmp', '/etc', '/']) {
      expect(() => {
        process.write(other);
      }).toThrow(/EROFS/);
    }
  });

  it('wants the generated tokens, makes threads by namespace, and keeps them over a new pod', async () => {
    const manifests = await rendered();
    const { WEBHOOK_TOKEN, ADMIN_TOKEN } = manifests.environment();
    const { service } = await start(manifests);
    const channel = new SlackChannel(simulator);
    const alerts = { status: 'firing', alerts: [ALERT] };
    expect((await service.post('/alert', alerts)).status).toBe(401);
    const { status, body } = await service.post('/alert', alerts, bearer(WEBHOOK_TOKEN));
    expect(status).toBe(200);
    expect(body.results[0].key).toBe('PodDown|critical|shop|unknown|default|staging');
    expect((await service.get('/incidents')).status).toBe(401);
    expect((await service.get('/incidents', bearer(ADMIN_TOKEN))).status).toBe(200);
    await channel.expectThread(/PodDown/);
    await service.kill9();
    const again = (await pod?.startAgain())?.service;
    expect((await again?.get('/incidents', bearer(ADMIN_TOKEN)))?.body.items).toHaveLength(1);
  });

  it('answers its probes, helm test and Prometheus, and ends in the time that it is given', async () => {
    const manifests = await rendered();
    const process = await start(manifests);
    const { container, deployment } = manifests;
    const { startupProbe, livenessProbe, readinessProbe, ports } = container;
    for (const probe of [startupProbe, livenessProbe, readinessProbe]) {
      expect(ports.map(({ name }) => name)).toContain(probe.httpGet.port);
      expect(await process.passes(probe)).toBe(true);
    }
    expect(ports[0]?.containerPort).toBe(Number(manifests.environment()['BIND_PORT']));
    expect(await helmTest(manifests, process.service.url)).toBe(0);
    const { spec } = (await render('prometheus-operator')).one<{ endpoints: { path: string }[] }>('ServiceMonitor');
    const metrics = await process.service.get(spec.endpoints[0]?.path ?? '');
    expect(metrics.text).toMatch(/^alert_threader_build_info\{/m);
    const { terminationGracePeriodSeconds = 0 } = deployment.template.spec;
    const begin = performance.now();
    await process.service.stop();
    expect(performance.now() - begin).toBeLessThan(terminationGracePeriodSeconds * 1000);
    for (const probe of [startupProbe, livenessProbe, readinessProbe]) expect(await process.passes(probe)).toBe(false);
    expect(await helmTest(manifests, process.service.url)).not.toBe(0);
  });

  describe('on Redis', () => {
    let redis: RedisServer;
    beforeAll(ensureRedis, INSTALL_TIMEOUT_MS);
    beforeEach(async () => {
      redis = await RedisServer.start();
    });
    afterEach(() => redis.dispose());

    it('writes nothing at all, and is taken out of the Service while Redis is away, but not restarted', async () => {
      const manifests = await rendered('redis-sentinel-autoscaling', { REDIS_URL: redis.url });
      const process = await start(manifests);
      const { livenessProbe, readinessProbe } = manifests.container;
      expect(manifests.container.volumeMounts).toBeUndefined();
      for (const folder of ['/tmp', '/srv/app', '/var/lib', '/']) {
        expect(() => {
          process.write(folder);
        }).toThrow(/EROFS/);
      }
      await eventually('a pod that is ready', () => process.passes(readinessProbe));
      await redis.stop();
      await eventually('a pod that is not', async () => !(await process.passes(readinessProbe)));
      expect(await process.passes(livenessProbe)).toBe(true);
      expect(await helmTest(manifests, process.service.url)).not.toBe(0);
      await redis.startAgain();
      await eventually('a pod that is ready again', () => process.passes(readinessProbe));
      expect(await helmTest(manifests, process.service.url)).toBe(0);
    });
  });
});
