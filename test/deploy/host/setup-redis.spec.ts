import { chmodSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { startSimulator, type Simulator } from '../../../simulator/simulator.js';
import { freePort } from '../../support/free-port.js';
import { SlackChannel } from '../../support/slack-channel.js';
import { TempFolder } from '../../support/temp-folder.js';
import { DEBIAN_TIMEOUT_MS } from './debian-root.js';
import { DebianHost } from './debian-host.js';
import { expectHealth, installEnvironment, sendAlert, unitSays } from './installed-service.js';
import type { Outcome } from './outcome.js';
import { PACK_TIMEOUT_MS, packedRelease, unpack } from './packed-release.js';

const STEP_TIMEOUT_MS = 180_000;
const CONFIG = '/etc/redis/redis.conf';
const DROP_IN = '/etc/redis/redis.conf.d/threader.conf';

describe('setup-redis.sh on a Debian with systemd', () => {
  let shared: TempFolder;
  let simulator: Simulator;
  let host: DebianHost;
  let release: string;
  let port: number;

  const setUp = (...args: string[]): Promise<Outcome> =>
    host.run([`${release}/setup-redis.sh`, '--port', String(port), ...args]);
  const password = (): Promise<string> => host.sh(`sed -n 's/^requirepass //p' ${DROP_IN} 2>/dev/null || true`);
  const redis = async (command: string): Promise<string> =>
    host.sh(`redis-cli -p ${port} ${command}`, { env: { REDISCLI_AUTH: await password() } });
  const inForce = async (): Promise<Record<string, string | undefined>> => {
    const names = ['maxmemory-policy', 'appendonly', 'appendfsync'];
    const values = await Promise.all(names.map(async (name) => (await redis(`config get ${name}`)).split('\n')[1]));
    return Object.fromEntries(names.map((name, i) => [name, values[i]]));
  };
  const RIGHT = { 'maxmemory-policy': 'noeviction', appendonly: 'yes', appendfsync: 'everysec' };

  beforeAll(async () => {
    shared = new TempFolder();
    chmodSync(shared.path, 0o755);
    release = `/mnt/${basename(await unpack(await packedRelease(), shared.path))}`;
    simulator = await startSimulator({ pace: 'off' });
    port = await freePort();
    host = await DebianHost.boot(shared.path);
    // as the first version's manual advised
    await host.sh(`sed -i 's/^port 6379$/port ${port}/' ${CONFIG} && echo 'maxmemory-policy allkeys-lru' >> ${CONFIG}`);
  }, DEBIAN_TIMEOUT_MS + PACK_TIMEOUT_MS);
  afterAll(async () => {
    await host.shutDown();
    await simulator.close();
    shared.remove();
  }, STEP_TIMEOUT_MS);

  it(
    'starts Redis, makes it durable at once, and loses nothing that it held',
    async () => {
      await host.sh('systemctl start redis-server');
      await redis('set threader:ts:Old 1700000000.000100');
      await host.sh('systemctl stop redis-server');

      const { code, text } = await setUp();
      expect(text).toContain('warning: maxmemory-policy is allkeys-lru');
      expect(text).toContain(`REDIS_URL=redis://127.0.0.1:${port}/0`);
      expect(code).toBe(0);
      expect(await inForce()).toEqual(RIGHT);

      // the trap: a restart with `appendonly yes` and no append-only file would start empty
      await host.sh('systemctl restart redis-server');
      expect(await inForce()).toEqual(RIGHT);
      expect(await redis('get threader:ts:Old')).toBe('1700000000.000100');
      expect(await unitSays(host, 'LoadState')).toBe('not-found');
    },
    STEP_TIMEOUT_MS,
  );

  it(
    'changes nothing when it runs again',
    async () => {
      const state = `find /etc/redis -printf "%p %i %m %U %G %T@\\n"; cat ${CONFIG} ${DROP_IN}`;
      const was = await host.sh(state);
      expect(await setUp()).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('nothing was changed') as string,
      });
      expect(await host.sh(state)).toBe(was);
    },
    STEP_TIMEOUT_MS,
  );

  it(
    'takes the name of the configuration as it is typed in its folder, and Redis starts with what it writes',
    async () => {
      await host.sh(`sed -i '/Alert Threader/d; /^include /d' ${CONFIG} && rm -r ${dirname(DROP_IN)}`);
      await host.sh(`cd ${dirname(CONFIG)} && ${release}/setup-redis.sh --port ${port} --config ./redis.conf`);
      expect(await host.sh(`grep ^include ${CONFIG}`)).toBe(`include ${DROP_IN}`);
      await host.sh('systemctl restart redis-server');
      expect(await inForce()).toEqual(RIGHT);
      expect(await setUp()).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('nothing was changed') as string,
      });
    },
    STEP_TIMEOUT_MS,
  );

  it.each(['/etc/redis/our redis.conf', '/etc/redis*/redis.conf', '/etc/[redis]/redis.conf', `/etc/redis/our".conf`])(
    'refuses %j, which no line of redis.conf can include, and changes nothing',
    async (path) => {
      const files = 'find /etc/redis* | sort';
      const was = await host.sh(files);
      const { code, stderr } = await setUp('--config', path);
      expect(stderr).toContain(`redis.conf can't include what is beside ${path}`);
      expect(code).toBe(1);
      expect(await host.sh(files)).toBe(was);
    },
    STEP_TIMEOUT_MS,
  );

  it(
    'leaves what is safer than what it wants',
    async () => {
      await redis('config set appendfsync always');
      expect((await setUp()).code).toBe(0);
      await host.sh('systemctl restart redis-server');
      expect(await inForce()).toEqual({ ...RIGHT, appendfsync: 'always' });
    },
    STEP_TIMEOUT_MS,
  );

  it(
    'makes a password when asked to, and knows it the next time',
    async () => {
      const { code, text } = await setUp('--password');
      expect(code).toBe(0);
      expect(await password()).toMatch(/^[0-9a-f]{48}$/);
      expect(text).not.toContain(await password());
      expect((await host.run(['redis-cli', '-p', String(port), 'ping'])).stdout).toContain('NOAUTH');
      expect(await setUp()).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('nothing was changed') as string,
      });
      expect(await host.sh(`stat -c '%U %a' ${DROP_IN}`)).toBe('redis 640');
    },
    STEP_TIMEOUT_MS,
  );

  it(
    'is what an installed service works with, over a restart of Redis',
    async () => {
      const service = await freePort();
      const env = {
        ...installEnvironment(simulator, service),
        REDIS_URL: `redis://:${await password()}@127.0.0.1:${port}/0`,
      };
      const { code, text } = await host.run([`${release}/install.sh`, '--unattended', '--store', 'redis'], { env });
      expect(text).toMatch(/Release .* runs: healthy/);
      expect(text).not.toContain(await password());
      expect(code).toBe(0);

      const channel = new SlackChannel(simulator);
      await sendAlert(service, 'firing', 'OnRedis');
      const thread = await channel.expectThread('🚨 OnRedis happened');
      expect(await redis("get 'threader:ts:OnRedis|critical|database|production|production'")).toBe(thread.ts);
      await host.sh('systemctl restart redis-server');
      await expectHealth(service, 'healthy');
      await sendAlert(service, 'resolved', 'OnRedis');
      await thread.expectReply('RESOLVED');
    },
    STEP_TIMEOUT_MS,
  );
});
