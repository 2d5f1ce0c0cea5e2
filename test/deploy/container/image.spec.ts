import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { startSimulator, type Simulator } from '../../../simulator/simulator.js';
import { eventually } from '../../support/eventually.js';
import { freePort } from '../../support/free-port.js';
import { RedisServer } from '../../support/redis-server.js';
import { describeRedis } from '../../support/describe-redis.js';
import { NO_PACE, withPeople, withSlack } from '../../support/service-environment.js';
import { SlackChannel } from '../../support/slack-channel.js';
import { commandsOf } from '../docs/commands.js';
import { Container, removeContainers } from './container.js';
import { BUILD_TIMEOUT_MS, buildOnce, filesOf, inspect, podman, weigh } from './image.js';

const IMAGE = 'localhost/alert-threader-test';
const MOST_BYTES = 250e6;
/** What the service gives its running calls, and some for the machine. */
const STOP_WITHIN_MS = 15_000;

const ALERT = {
  labels: { alertname: 'DiskFull', severity: 'warning', instance: 'db1' },
  annotations: { summary: 'Disk is full' },
  startsAt: '2024-01-15T14:30:25Z',
};
const FIRING = { status: 'firing', alerts: [ALERT] };
const RESOLVED = { status: 'resolved', alerts: [{ ...ALERT, endsAt: '2024-01-15T14:45:30Z' }] };

/** Tries to write into each folder, and lists processes; runs in the container. */
const LOOK_AROUND = `
  const fs = require('node:fs');
  const folders = ['/', '/app', '/app/dist', '/etc', '/home', '/run', '/usr', '/var', '/var/tmp', '/tmp', '/var/lib/alert-threader'];
  const writable = folders.filter((folder) => {
    try { fs.writeFileSync(folder + '/x', ''); fs.unlinkSync(folder + '/x'); return true; } catch { return false; }
  });
  const processes = fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name) && Number(name) !== process.pid);
  const status = Object.fromEntries(fs.readFileSync('/proc/1/status', 'utf8').trim().split('\\n').map((line) => line.split(':\\t')));
  const { Uid, Gid, CapEff, CapBnd, NoNewPrivs } = status;
  console.log(JSON.stringify({ writable, processes, Uid, Gid, CapEff, CapBnd, NoNewPrivs }));
`;

describe('the image', () => {
  beforeAll(() => buildOnce(IMAGE), BUILD_TIMEOUT_MS);

  it('says what it is and how it runs', async () => {
    const { Config, Healthcheck } = await inspect(IMAGE);
    expect(Config).toMatchObject({
      User: '65532:65532',
      WorkingDir: '/app',
      Entrypoint: ['node', 'dist/main.js'],
      ExposedPorts: { '9009/tcp': {} },
      Volumes: { '/var/lib/alert-threader': {} },
      Labels: { 'org.opencontainers.image.title': 'Alert Threader', 'org.opencontainers.image.licenses': 'MIT' },
    });
    expect(Config.Env).toContain('NODE_ENV=production');
    expect(Config.Env.filter((line) => /TOKEN|SECRET|npmrc/i.test(line))).toEqual([]);
    expect(Healthcheck.Test).toEqual(['CMD', 'node', 'healthcheck.mjs']);
  });

  it('holds the service and what it needs, and nothing else', async () => {
    const files = await filesOf(IMAGE, 'app');
    const top = new Set(files.map((path) => path.split('/')[0]));
    expect([...top].sort()).toEqual(['LICENSE', 'dist', 'healthcheck.mjs', 'node_modules', 'package.json']);
    // native code would be the builder's architecture's
    expect(files.filter((path) => /\.(node|so)$/.test(path))).toEqual([]);
    expect(files.filter((path) => /\.(ts|mts|cts)$/.test(path))).toEqual([]);
    expect(files.filter((path) => path.startsWith('node_modules/') && path.endsWith('.map'))).toEqual([]);
    expect(files.filter((path) => path.startsWith('dist/') && path.includes('.spec.'))).toEqual([]);
    const { packages } = await weigh(IMAGE);
    for (const name of ['typescript', 'jest', 'node', '@nestjs/cli', 'react', '@swc/core']) {
      expect(packages).not.toHaveProperty([name]);
    }
    expect(packages).toHaveProperty(['@nestjs/core']);
  });

  it('is light', async () => {
    const { withoutNode, node } = await weigh(IMAGE);
    expect(node).toBeGreaterThan(50e6); // so it was found, and is not counted below
    expect(withoutNode).toBeLessThan(MOST_BYTES);
  });
});

describe('a container of it', () => {
  let simulator: Simulator;
  let channel: SlackChannel;

  beforeAll(() => buildOnce(IMAGE), BUILD_TIMEOUT_MS);
  beforeEach(async () => {
    simulator = await startSimulator({ pace: 'off' });
    channel = new SlackChannel(simulator);
  });
  afterEach(async () => {
    await removeContainers();
    await simulator.close();
  });

  const start = async (settings: Record<string, string> = {}, volume?: string): Promise<Container> => {
    const env = withSlack(simulator, { ...NO_PACE, ...settings });
    const container = await Container.start(IMAGE, { env, ...(volume !== undefined && { volume }) });
    return container.ready();
  };
  const healthcheck = async (container: Container): Promise<{ code: number; output: string }> => {
    const { Test } = (await inspect(IMAGE)).Healthcheck;
    return container.exec(...Test.slice(1));
  };

  it('takes a webhook to a thread, and ends it', async () => {
    const container = await Container.start(IMAGE, { env: withPeople(simulator, NO_PACE) });
    await container.ready();
    expect(await container.post('/alert', FIRING)).toBe(200);
    const thread = await channel.expectThread('⚠️ Disk is full');
    await thread.offers('incident_ack');
    expect(await container.post('/alert', RESOLVED)).toBe(200);
    await thread.expectRoot('✅ Disk is full', { color: '#2EB67D' });
    expect(channel.roots()).toHaveLength(1);
    for (const path of ['/metrics', '/docs/', '/docs/swagger-ui-bundle.js']) {
      expect((await fetch(`${container.url}${path}`)).status).toBe(200);
    }
    const { code, ms } = await container.signal('TERM');
    expect(code).toBe(0);
    expect(ms).toBeLessThan(STOP_WITHIN_MS);
    expect(await container.logs()).not.toContain(simulator.botToken);
  });

  it('is one process of 65532 without any rights, which may write its state and /tmp alone', async () => {
    const container = await start();
    const { output } = await container.exec('node', '-e', LOOK_AROUND);
    expect(JSON.parse(output)).toEqual({
      writable: ['/tmp', '/var/lib/alert-threader'],
      processes: ['1'],
      Uid: '65532\t65532\t65532\t65532',
      Gid: '65532\t65532\t65532\t65532',
      CapEff: '0000000000000000',
      CapBnd: '0000000000000000',
      NoNewPrivs: '1',
    });
  });

  it('goes on where it was after kill -9 and in the next container', async () => {
    const volume = `alert-threader-test-${await freePort()}`;
    try {
      const first = await start({}, volume);
      await first.post('/alert', FIRING);
      const thread = await channel.expectThread('⚠️ Disk is full');
      await first.signal('KILL');
      await first.remove();
      const second = await start({}, volume);
      await second.post('/alert', RESOLVED);
      await thread.expectRoot('✅ Disk is full');
      expect(channel.roots()).toHaveLength(1);
      await second.remove();
    } finally {
      await removeContainers();
      await podman('volume', 'rm', '--force', volume);
    }
  });

  it('lets its store be copied while it runs, by what the manual has `kubectl exec` do', async () => {
    const [exec] = commandsOf('docs/operations.md').filter(({ text }) => text.includes(' exec deployment/'));
    const [, script = ''] = / -- \\\n\s+node -e '([^']+)' > threads/.exec(exec?.text ?? '') ?? [];
    const container = await start();
    await container.post('/alert', FIRING);
    const { ts } = await channel.expectThread('⚠️ Disk is full');
    const { code, output } = await container.exec('node', '-e', script);
    expect(code).toBe(0);
    expect(output).toContain(ts);
  });

  it('finishes the call that runs when it is told to stop, and ends with 0', async () => {
    const container = await start({ WEBHOOK_WAIT: '0' });
    simulator.faults.add({ kind: 'slow', delayMs: 2_000, method: 'chat.postMessage' });
    await container.post('/alert', FIRING);
    await channel.wait('the call', () => simulator.calls.some(({ method }) => method === 'chat.postMessage'));
    const { code, ms } = await container.signal('TERM');
    expect(code).toBe(0);
    expect(ms).toBeGreaterThan(1_000);
    expect(ms).toBeLessThan(STOP_WITHIN_MS);
    await channel.expectThread('⚠️ Disk is full');
  });

  it('ends at once when it is told so twice', async () => {
    const container = await start({ WEBHOOK_WAIT: '0' });
    simulator.faults.add({ kind: 'late-accept', delayMs: 9_000, method: 'chat.postMessage' });
    await container.post('/alert', FIRING);
    await channel.wait('the call', () => simulator.calls.some(({ method }) => method === 'chat.postMessage'));
    const first = container.signal('TERM');
    await eventually('it to stop', async () => (await container.logs()).includes('stopping'));
    const [, { code, ms }] = await Promise.all([first, container.signal('TERM')]);
    expect(code).toBe(1);
    expect(ms).toBeLessThan(5_000);
  });

  it('is healthy while its process answers, and says why when it does not', async () => {
    const container = await start();
    expect(await healthcheck(container)).toEqual({ code: 0, output: '' });
    const other = await freePort();
    const code = `process.env.BIND_PORT = '${other}'; import('/app/healthcheck.mjs')`;
    const refused = await container.exec('node', '-e', code);
    expect(refused).toEqual({ code: 1, output: expect.stringContaining(`127.0.0.1:${other}/health/live: `) as string });
  });

  it('tells what is missing in one message, and ends', async () => {
    const container = await Container.start(IMAGE, { env: { SLACK_CHANNEL: 'C0ALERTS01' } });
    await expect(container.ready()).rejects.toThrow(/SLACK_BOT_TOKEN/);
    expect(await container.state()).toMatchObject({ ExitCode: 78 });
  });
});

describeRedis('a container with Redis', () => {
  let redis: RedisServer;
  let simulator: Simulator;

  beforeAll(() => buildOnce(IMAGE), BUILD_TIMEOUT_MS);
  beforeEach(async () => {
    redis = await RedisServer.start();
    simulator = await startSimulator({ pace: 'off' });
  });
  afterEach(async () => {
    await removeContainers();
    await simulator.close();
    await redis.dispose();
  });

  it('keeps its threads there', async () => {
    const channel = new SlackChannel(simulator);
    const env = withSlack(simulator, { ...NO_PACE, THREAD_STORE: 'redis', REDIS_URL: redis.url });
    const container = await Container.start(IMAGE, { env });
    await container.ready();
    await container.post('/alert', FIRING);
    await channel.expectThread('⚠️ Disk is full');
    expect(await (await fetch(`${container.url}/health`)).json()).toMatchObject({
      thread_store: 'redis',
      cached_threads: 1,
    });
  });

  // as process 1, to which the system does nothing by default
  it('can be stopped while it waits for Redis at its start', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    const asked = once(silent, 'connection');
    try {
      await once(silent, 'listening');
      const { port } = silent.address() as AddressInfo;
      const env = withSlack(simulator, { THREAD_STORE: 'redis', REDIS_URL: `redis://127.0.0.1:${port}/0` });
      const container = await Container.start(IMAGE, { env });
      await asked;
      const { ms } = await container.signal('TERM');
      expect(ms).toBeLessThan(5_000);
    } finally {
      silent.close();
    }
  });
});
