import { randomUUID } from 'node:crypto';
import { eventually } from '../../support/eventually.js';
import { freePort } from '../../support/free-port.js';
import { podman, podmanOutputs } from './image.js';

/** As compose.yaml and the chart run it: nothing may be written but the volume and /tmp, and nothing may be gained. */
const HARDENED = [
  ...['--read-only', '--read-only-tmpfs=false', '--tmpfs', '/tmp'],
  ...['--cap-drop=all', '--security-opt=no-new-privileges'],
];
/** This machine's network, on which the simulator is; podman's timers for HEALTHCHECK want systemd: tests run it themselves. */
const HERE = ['--network', 'host', '--pull=never', '--no-healthcheck', '--log-driver', 'k8s-file'];
/** podman would raise them, which not every machine lets it. */
const LIMITS = ['--ulimit', 'nofile=1024:4096', '--ulimit', 'nproc=1000:1000'];

interface State {
  readonly Running: boolean;
  readonly ExitCode: number;
}

export interface ContainerOptions {
  readonly env: Readonly<Record<string, string>>;
  /** A named volume for its state, which the test removes; by default the image's own VOLUME, which goes with it. */
  readonly volume?: string;
}

const running = new Set<Container>();

/** For `afterEach`. */
export const removeContainers = async (): Promise<void> => {
  for (const container of [...running]) await container.remove();
};

/** A container of an image of the service, on a port of 127.0.0.1. */
export class Container {
  private readonly name = `alert-threader-test-${randomUUID()}`;

  private constructor(readonly port: number) {
    running.add(this);
  }

  static async start(image: string, { env, volume }: ContainerOptions): Promise<Container> {
    const container = new Container(await freePort());
    const settings = { BIND_HOST: '127.0.0.1', BIND_PORT: String(container.port), ...env };
    await podman(
      ...['run', '--detach', '--name', container.name, ...HERE, ...LIMITS, ...HARDENED],
      ...Object.entries(settings).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      ...(volume === undefined ? [] : ['--volume', `${volume}:/var/lib/alert-threader`]),
      image,
    );
    return container;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolves once it takes requests; rejects with its log when it ends before. */
  async ready(): Promise<this> {
    const ready = await eventually('the container to be ready', async () => {
      if (!(await this.state()).Running) return 'ended';
      return (await fetch(`${this.url}/health/ready`)).ok && 'ready';
    });
    if (ready === 'ended') throw new Error(`it ended:\n${await this.logs()}`);
    return this;
  }

  async post(path: string, body: object): Promise<number> {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(`${this.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
  }

  /** A command in it, with its output and exit code. */
  async exec(...command: string[]): Promise<{ code: number; output: string }> {
    try {
      return { code: 0, output: await podman('exec', this.name, ...command) };
    } catch (error) {
      const { code, stdout } = error as { code: number; stdout: string };
      return { code, output: stdout };
    }
  }

  /** Both of its outputs, standard error last. */
  async logs(): Promise<string> {
    const { stdout, stderr } = await podmanOutputs('logs', this.name);
    return `${stdout}${stderr}`;
  }

  /** The signal, and how its process ended: exit code and milliseconds. */
  async signal(name: 'TERM' | 'KILL'): Promise<{ code: number; ms: number }> {
    const begin = performance.now();
    await podman('kill', '--signal', name, this.name);
    const state = await eventually(`the end after SIG${name}`, async () => {
      const now = await this.state();
      return !now.Running && now;
    });
    return { code: state.ExitCode, ms: performance.now() - begin };
  }

  async remove(): Promise<void> {
    await podman('rm', '--force', '--time', '0', '--volumes', this.name);
    running.delete(this);
  }

  async state(): Promise<State> {
    return JSON.parse(await podman('inspect', '--format', '{{json .State}}', this.name)) as State;
  }
}
