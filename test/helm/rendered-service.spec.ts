import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { endServices, startService, type ServiceProcess } from '../support/service-process.js';
import { CHANNEL, SlackChannel } from '../support/slack-channel.js';
import { render, type Rendered } from './chart.js';
import { describeHelm } from './describe-helm.js';
import type { PodSpec } from './manifests.js';

const ALERT = {
  labels: { alertname: 'PodDown', severity: 'critical', namespace: 'shop' },
  startsAt: '2026-11-01T00:00:00Z',
};

describeHelm('the service with the environment of the chart', () => {
  let simulator: Simulator;
  let rendered: Rendered;
  let service: ServiceProcess;
  let env: Record<string, string>;

  beforeEach(async () => {
    simulator = await startSimulator({ pace: 'off' });
    rendered = await render('minimal', {
      config: { SLACK_CHANNEL: CHANNEL, SLACK_API_URL: simulator.apiUrl },
      secrets: { SLACK_BOT_TOKEN: simulator.botToken, SLACK_APP_TOKEN: simulator.appToken },
    });
    env = rendered.environment();
    // a pod has a port and a volume of its own
    const { BIND_PORT: _port, THREAD_STORE_FILE: _file, ...rest } = env;
    service = await startService({ env: rest });
  }, 30_000);
  afterEach(async () => {
    await endServices();
    await simulator.close();
  });

  /** What the pod of `helm test` does, against this process. */
  const helmTest = async (): Promise<number> => {
    const { command = [], args = [], env: variables } = rendered.one<PodSpec>('Pod').spec.containers[0];
    const [url = ''] = variables.map(({ value = '' }) => value);
    expect(command[0]).toBe('node');
    expect(url).toBe('http://r-alert-threader:9009/health/ready');
    const child = spawn(process.execPath, [...command.slice(1), ...args], {
      env: { READY_URL: url.replace('http://r-alert-threader:9009', service.url) },
      stdio: 'ignore',
    });
    const [code] = (await once(child, 'close')) as [number];
    return code;
  };

  it('answers its probes and helm test, and ends in the time that it is given', async () => {
    const { startupProbe, livenessProbe, readinessProbe } = rendered.container;
    for (const { httpGet } of [startupProbe, livenessProbe, readinessProbe]) {
      expect((await service.get(httpGet.path)).status).toBe(200);
    }
    expect(await helmTest()).toBe(0);
    const { terminationGracePeriodSeconds = 0 } = rendered.deployment.template.spec;
    const begin = performance.now();
    await service.stop();
    expect(performance.now() - begin).toBeLessThan(terminationGracePeriodSeconds * 1000);
    expect(await helmTest()).not.toBe(0);
  });

  it('wants the generated tokens, and makes threads by namespace', async () => {
    const channel = new SlackChannel(simulator);
    const alerts = { status: 'firing', alerts: [ALERT] };
    const bearer = (token = ''): Record<string, string> => ({ authorization: `Bearer ${token}` });
    expect((await service.post('/alert', alerts)).status).toBe(401);
    const { status, body } = await service.post('/alert', alerts, bearer(env['WEBHOOK_TOKEN']));
    expect(status).toBe(200);
    expect(body.results[0].key).toBe('PodDown|critical|shop|unknown|default|staging');
    expect((await service.get('/incidents')).status).toBe(401);
    expect((await service.get('/incidents', bearer(env['ADMIN_TOKEN']))).status).toBe(200);
    await channel.expectThread(/PodDown/);
  });
});
