import { spawn } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../../../simulator/simulator.js';
import { Alertmanager, ensureAlertmanager } from '../../support/alertmanager.js';
import { ensureDebianPackage } from '../../support/debian-package.js';
import { freePort } from '../../support/free-port.js';
import { databaseDown } from '../../support/people-world.js';
import { NO_PACE, withPeople } from '../../support/service-environment.js';
import { startService, type ServiceProcess } from '../../support/service-process.js';
import { TempFolder } from '../../support/temp-folder.js';
import { accountOf, ELEVATE, makeOperator, type Account } from './accounts.js';
import { ROOT } from './markdown.js';
import { ExampleRedis } from './redis.js';
import { Units } from './units.js';

const PROGRAMS = join(__dirname, 'programs');
/** What a command finds of the repository: everything but what tests and builds leave. */
const NOT_THERE: ReadonlySet<string> = new Set(['.git', '.cache', 'data', 'node_modules']);
const WITHIN_MS = 60_000;
/** Stands among the service's lines in the journal. */
const SYSTEMD_SAYS = 'Started alert-threader.service - Alert Threader: one Slack thread for one problem.\n';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * A machine as the documents take for granted: the service on "port 9009", a Slack, a Redis on "port 6379", an
 * Alertmanager, folders such as /var/lib/alert-threader. All of it is below a temporary folder and on free ports; what
 * is written in a document is changed accordingly before it runs. Who types the commands is nobody special: what belongs
 * to root, to the service or to Redis is out of reach without sudo.
 */
export class World {
  service!: ServiceProcess;
  private readonly units: Units;
  private ended = false;
  /** What earlier processes of the service wrote. */
  private pastLog = '';
  private unitsUrl = '';

  private constructor(
    readonly simulator: Simulator,
    readonly redis: ExampleRedis,
    private readonly alertmanager: Alertmanager,
    private readonly folder: TempFolder,
    private readonly port: number,
    private readonly store: 'file' | 'redis',
    private readonly operator: Account,
  ) {
    const service = {
      start: () => this.startService(),
      stop: () => this.stopService(),
    };
    this.units = new Units({ 'alert-threader': service, 'redis-server': redis }, () => SYSTEMD_SAYS + this.log);
  }

  static async start(store: 'file' | 'redis'): Promise<World> {
    await Promise.all([
      ensureDebianPackage('redis-server', ['redis-server']),
      ensureDebianPackage('redis-cli', ['redis-tools']),
      ensureDebianPackage('jq', ['jq']),
      ensureDebianPackage('curl', ['curl']),
      ensureAlertmanager(),
    ]);
    const folder = new TempFolder();
    chmodSync(folder.path, 0o755);
    const [port, redisPort] = [await freePort(), await freePort()];
    for (const name of [
      'here',
      'backup',
      'redis',
      'etc/alert-threader',
      'etc/systemd/system',
      'etc/cron.d',
      'etc/alertmanager',
      'state',
    ]) {
      mkdirSync(folder.file(name), { recursive: true });
    }
    const redisUser = await accountOf('redis');
    const redis = new ExampleRedis(redisPort, folder.file('redis'), folder.file('redis.conf'), redisUser);
    const simulator = await startSimulator({ pace: 'off' });
    const times = { group_wait: '1h', group_interval: '1h', repeat_interval: '24h' };
    const alertmanager = await Alertmanager.start({ url: `http://127.0.0.1:${String(port)}/alert`, ...times });
    const world = new World(
      simulator,
      redis,
      alertmanager,
      folder,
      port,
      store,
      await makeOperator(folder.file('sudo')),
    );
    try {
      world.furnish();
      world.close(redisUser);
      await redis.start();
      world.unitsUrl = await world.units.listen();
      await world.startService();
      return world;
    } catch (error) {
      await world.end();
      throw error;
    }
  }

  /** A path on this machine. */
  path(name: string): string {
    return this.folder.file(name);
  }

  get env(): Record<string, string> {
    return withPeople(this.simulator, {
      ...NO_PACE,
      WEBHOOK_WAIT: '1s',
      BIND_HOST: '127.0.0.1',
      BIND_PORT: String(this.port),
      THREAD_STORE: this.store,
      REDIS_URL: `redis://127.0.0.1:${String(this.redis.port)}/0`,
      ALERTMANAGER_URL: this.alertmanager.url,
    });
  }

  /** What is written, as it has to be here. */
  adapted(text: string): string {
    const service = `127.0.0.1:${String(this.port)}`;
    return text
      .replaceAll('localhost:9009', service)
      .replaceAll('./send-test-alerts.sh', `./send-test-alerts.sh --url http://${service}`)
      .replaceAll('http://localhost:9093', this.alertmanager.url)
      .replaceAll('-p 6379', `-p ${String(this.redis.port)}`)
      .replaceAll('http://127.0.0.1:4000/api/', this.simulator.apiUrl)
      .replaceAll('https://slack.com/api/', this.simulator.apiUrl)
      .replaceAll('redis://:password@redis.example.com:6379/0', this.env['REDIS_URL'] ?? '')
      .replaceAll('--port 4000', '--port 0')
      .replaceAll('xoxb-…', this.simulator.botToken)
      .replaceAll('xapp-…', this.simulator.appToken)
      .replaceAll('/var/lib/alert-threader', this.path('state'))
      .replaceAll('/var/lib/redis', this.path('redis'))
      .replace(/(?<![\w.])\/(backup|etc|opt)(?=\/|\s|$)/g, (_, name: string) => this.path(name));
  }

  /** Runs commands of a document. @param until what its output has to hold before it is ended; else it ends by itself */
  async run(text: string, until?: RegExp): Promise<Ran> {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', this.adapted(text)], {
      cwd: this.path('here'),
      ...this.operator,
      detached: true, // a group of its own, so that nothing of it is left
      stdio: ['ignore', 'pipe', 'pipe'],
      env: this.shellEnvironment(),
    });
    const ran = { out: '', err: '' };
    const end = (): void => {
      // what sudo started is root's, and so are we
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    };
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      ran.out += piece;
      if (until?.test(ran.out) === true) end();
    });
    child.stderr.setEncoding('utf8').on('data', (piece: string) => (ran.err += piece));
    const late = setTimeout(end, WITHIN_MS);
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    clearTimeout(late);
    return { code, ...ran };
  }

  /** An alert fires, and its thread is there. */
  async fires(instance = 'db01'): Promise<void> {
    const { status, text } = await this.service.post('/alert', { status: 'firing', alerts: [databaseDown(instance)] });
    if (status !== 200) throw new Error(`POST /alert: ${text}`);
    await this.service.idle();
  }

  async threads(): Promise<Record<string, string>> {
    const { body } = await this.service.get('/cache');
    return (body as { threads: Record<string, string> }).threads;
  }

  /** Whatever the last commands stopped runs again, and something fires. */
  async ready(): Promise<void> {
    if (this.ended) await this.startService();
    await this.fires();
  }

  async end(): Promise<void> {
    this.units.close();
    await (this.service as ServiceProcess | undefined)?.dispose();
    await this.redis.stop();
    await this.alertmanager.stop();
    await this.simulator.close();
    this.folder.remove();
  }

  private get log(): string {
    return this.pastLog + this.service.log.map((line) => `${JSON.stringify(line)}\n`).join('');
  }

  private async startService(): Promise<void> {
    this.service = await startService({ env: this.env, file: this.path('state/threads.json') });
    this.ended = false;
    await this.service.until('Socket Mode', () => this.service.log.some(({ msg }) => msg === 'Socket Mode connected'));
  }

  private async stopService(): Promise<void> {
    if (this.ended) return;
    await this.service.stop();
    this.pastLog = this.log;
    this.ended = true;
  }

  private shellEnvironment(): Record<string, string> {
    return {
      ...this.env,
      BIND_PORT: '0', // what a document starts does not meet the service that runs
      THREAD_STORE: 'file',
      PATH: `${PROGRAMS}:${process.execPath.replace(/\/node$/, '')}:${process.env['PATH'] ?? ''}`,
      HOME: this.path('here'),
      ADMIN_TOKEN: '',
      [ELEVATE]: this.path('sudo/elevate'),
      SYSTEMCTL_URL: this.unitsUrl,
      REDIS_PORT: String(this.redis.port),
    };
  }

  /** What is whose: as install.sh and Debian's packages leave it. */
  private close(redis: Account): void {
    for (const name of ['backup', 'etc/alert-threader', 'state', 'redis']) chmodSync(this.path(name), 0o750);
    chmodSync(this.path('backup'), 0o700);
    chownSync(this.path('redis'), redis.uid, redis.gid);
    for (const name of ['here', 'here/.env']) chownSync(this.path(name), this.operator.uid, this.operator.gid);
  }

  private furnish(): void {
    for (const name of readdirSync(ROOT)) {
      if (!NOT_THERE.has(name)) symlinkSync(join(ROOT, name), this.path(`here/${name}`));
    }
    cpSync(join(ROOT, 'config/alertmanager.example.yml'), this.path('etc/alertmanager/alertmanager.yml'));
    const settings = Object.entries(this.env).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(this.path('etc/alert-threader/alert-threader.env'), settings.join(''));
    writeFileSync(this.path('here/.env'), settings.join(''));
    const release = this.path('opt/alert-threader/releases/0.1.0-a');
    mkdirSync(join(release, 'bin'), { recursive: true });
    symlinkSync(process.execPath, join(release, 'bin/node'));
    symlinkSync(join(ROOT, 'dist'), join(release, 'dist'));
    symlinkSync('releases/0.1.0-a', this.path('opt/alert-threader/current'));
  }
}
