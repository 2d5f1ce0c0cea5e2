import { execFileSync } from 'node:child_process';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { ensureDebianPackage } from '../support/debian-package.js';
import { describeRedis } from '../support/describe-redis.js';
import { freePort } from '../support/free-port.js';
import { RedisServer } from '../support/redis-server.js';
import { NO_PACE, withSlack } from '../support/service-environment.js';
import { endServices, ServiceProcess, startService } from '../support/service-process.js';
import { SlackChannel } from '../support/slack-channel.js';
import { TempFolder } from '../support/temp-folder.js';

const FIRING = {
  status: 'firing',
  alerts: [{ labels: { alertname: 'Disk' }, annotations: { summary: 'Disk is full' } }],
};

describeRedis('a Redis that speaks TLS', () => {
  const folder = new TempFolder();
  const key = folder.file('redis.key');
  const certificate = folder.file('redis.crt');
  let redis: RedisServer;
  let simulator: Simulator;
  let url: string;

  beforeAll(async () => {
    const openssl = await ensureDebianPackage('openssl', ['openssl']);
    const request = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-noenc',
      '-days',
      '2',
    ];
    const name = ['-subj', '/CN=redis', '-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync(openssl, [...request, ...name, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    const port = await freePort();
    const tls = { 'tls-cert-file': certificate, 'tls-key-file': key, 'tls-auth-clients': 'no' };
    redis = await RedisServer.start({
      settings: { port: '0', 'tls-port': String(port), requirepass: 'secret', ...tls },
    });
    simulator = await startSimulator({ pace: 'off' });
    url = `rediss://:secret@127.0.0.1:${String(port)}/0`;
  });
  afterEach(endServices);
  afterAll(async () => {
    await simulator.close();
    await redis.dispose();
    folder.remove();
  });
  const settings = (): Record<string, string> => ({
    ...withSlack(simulator, NO_PACE),
    THREAD_STORE: 'redis',
    REDIS_URL: url,
    WEBHOOK_WAIT: '5s',
  });

  it('is used where its certificate is known', async () => {
    const channel = new SlackChannel(simulator);
    const service = await startService({ env: { ...settings(), NODE_EXTRA_CA_CERTS: certificate } });
    const { body } = await service.post('/alert', FIRING);
    expect(body.results[0].thread_ts).toBe((await channel.expectThread('ℹ️ Disk is full')).ts);
    expect((await service.get('/health')).body.redis_status).toBe('connected');
  });

  it('is not trusted where its certificate is not known: the start ends, and says why', async () => {
    const service = new ServiceProcess({ env: settings() });
    expect(await service.refusal()).toEqual({ code: 1, signal: null });
    expect(service.stderr).toMatch(
      /^alert-threader: can't start: the certificate of Redis is not trusted \(DEPTH_\w+\): give its CA's with NODE_EXTRA_CA_CERTS\n$/,
    );
  });
});
