import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { ensureDebianPackage } from './debian-package.js';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';
import { MEMORY, TempFolder } from './temp-folder.js';

const PACKAGE = ['redis-server'];

/** Installs Debian's Redis where it is missing. */
export const ensureRedis = (): Promise<string> => ensureDebianPackage('redis-server', PACKAGE);

export interface RedisOptions {
  /** Settings beside ours, as on the command line: `{ 'maxmemory-policy': 'allkeys-lru' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Keep the data on the disk: there a command may take seconds. By default they outlive the process in memory. */
  readonly onDisk?: boolean;
  /** Start as a Sentinel with this file. */
  readonly sentinel?: string;
}

/** A real Redis on a free port of 127.0.0.1, with its data in a folder of its own and AOF on. */
export class RedisServer {
  private child: ChildProcessByStdio<null, Readable, Readable> | undefined;
  private output = '';

  private constructor(
    private readonly program: string,
    readonly port: number,
    private readonly folder: TempFolder,
    private readonly options: RedisOptions,
  ) {}

  static async start(options: RedisOptions = {}): Promise<RedisServer> {
    const program = await ensureRedis();
    const folder = new TempFolder(options.onDisk === true ? undefined : MEMORY);
    const server = new RedisServer(program, await freePort(), folder, options);
    await server.startAgain();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/0`;
  }

  /** After `stop` or `kill9`: on the same port and data. */
  async startAgain(): Promise<void> {
    const { settings = {}, sentinel } = this.options;
    const ours: Record<string, string> = {
      port: String(this.port),
      bind: '127.0.0.1',
      dir: this.folder.path,
      daemonize: 'no',
      ...(sentinel === undefined
        ? { save: '', appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' }
        : {}),
      ...settings,
    };
    const args = Object.entries(ours).flatMap(([name, value]) => [`--${name}`, value]);
    const files = sentinel === undefined ? [] : [sentinel];
    const child = spawn(this.program, [...files, ...args, ...(sentinel === undefined ? [] : ['--sentinel'])], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output = (this.output + text).slice(-4_000)));
    }
    child.once('close', () => {
      if (this.child === child) this.child = undefined;
    });
    const outcome = await eventually(
      'Redis to be ready, or to have ended',
      () => /Ready to accept connections|monitor master/.exec(this.output) ?? (this.child === undefined && 'ended'),
      { instead: () => this.output },
    );
    if (outcome === 'ended') throw new Error(`Redis did not start:\n${this.output}`);
    this.output = '';
  }

  /** Stops it in good order; the data stay. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  async kill9(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Its process answers nobody until `resume`. */
  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }

  /** Ends it, and its data with it. */
  async dispose(): Promise<void> {
    await this.end('SIGKILL');
    this.folder.remove();
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGCONT');
    child.kill(signal);
    await closed;
  }
}
