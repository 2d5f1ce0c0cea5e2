import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startService, type ServiceProcess } from '../../support/service-process.js';
import { TempFolder } from '../../support/temp-folder.js';
import type { Rendered } from './chart.js';
import { readImage } from './image.js';
import type { Probe } from './manifests.js';

const ROOT = join(__dirname, '../../..');
const PLACE = join(__dirname, 'pod-place.sh');
/** Where the image has its WORKDIR: the test's machine has none, and its root stays as it is. */
const APP = '/srv/app';

/** A container has a network of its own; the test's has an address of its own, on a free port, instead. */
const NETWORK = { BIND_HOST: '127.0.0.1', BIND_PORT: '0' };

/** What the pod and its image give to the process. */
export const podEnvironment = (rendered: Rendered): Record<string, string> => ({
  ...readImage().env,
  ...rendered.environment(),
});

/** A command of a pod, as it is run in a container of the image that it names. */
export const inPlaceOfImage = ([program = '', ...args]: readonly string[]): [string, ...string[]] => {
  if (program !== 'node') throw new Error(`the image has no ${program}`);
  return [process.execPath.replace(ROOT, APP), ...args];
};

/** The container of a rendered Deployment, as a node starts it: its command, environment, user, volumes and root. */
export class PodProcess {
  private constructor(
    readonly service: ServiceProcess,
    private readonly folder: TempFolder,
    private readonly successor: () => Promise<PodProcess>,
  ) {}

  static async start(rendered: Rendered): Promise<PodProcess> {
    if (process.getuid?.() !== 0) {
      throw new Error('only root can give a process another user and a read-only root: sudo npm run test:deploy');
    }
    const folder = new TempFolder();
    chmodSync(folder.path, 0o711);
    try {
      return await PodProcess.with(rendered, folder, volumes(rendered, folder));
    } catch (error) {
      folder.remove();
      throw error;
    }
  }

  private static async with(rendered: Rendered, folder: TempFolder, mounts: readonly string[]): Promise<PodProcess> {
    const { readOnlyRootFilesystem } = rendered.container.securityContext;
    const env = { ...podEnvironment(rendered), ...NETWORK, APP, READ_ONLY: String(readOnlyRootFilesystem) };
    const place = ['--mount', 'sh', PLACE, ...mounts, '--'];
    const service = await startService({
      env,
      command: ['unshare', ...place, ...user(rendered), ...command(rendered)],
    });
    return new PodProcess(service, folder, () => PodProcess.with(rendered, folder, mounts));
  }

  /** A new pod with the same volumes. */
  startAgain(): Promise<PodProcess> {
    return this.successor();
  }

  /** Asks what the node's agent would ask, and judges as it does. */
  async passes({ httpGet, timeoutSeconds }: Probe): Promise<boolean> {
    try {
      const signal = AbortSignal.timeout(timeoutSeconds * 1000);
      const { status } = await fetch(`${this.service.url}${httpGet.path}`, { signal });
      return status >= 200 && status < 400;
    } catch {
      return false;
    }
  }

  /** Its variables, as the kernel has them. */
  get environment(): Record<string, string> {
    const lines = this.kernel('environ').split('\0').filter(Boolean);
    return Object.fromEntries(lines.map((line) => /^([^=]*)=([^]*)$/.exec(line)?.slice(1) as [string, string]));
  }

  /** A line of /proc/…/status, as `Uid`. */
  status(name: string): string {
    return new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(this.kernel('status'))?.[1]?.replaceAll('\t', ' ') ?? '';
  }

  /** Tries to write into a folder of its own view of the disk, as root would. @throws EROFS */
  write(folder: string): void {
    writeFileSync(`/proc/${this.service.pid}/root${folder}/written-by-test`, '');
  }

  /** For `afterEach`, behind `endServices`. */
  remove(): void {
    this.folder.remove();
  }

  private kernel(file: string): string {
    return readFileSync(`/proc/${this.service.pid}/${file}`, 'utf8');
  }
}

/** What the container says itself, or its image. */
const command = (rendered: Rendered): readonly string[] => {
  const { entrypoint, cmd } = readImage();
  const { command = entrypoint, args = rendered.container.command ? [] : cmd } = rendered.container;
  return inPlaceOfImage([...command, ...args]);
};

/** As the container runtime switches to the user, with what it takes away. */
const user = (rendered: Rendered): readonly string[] => {
  const { runAsUser, runAsGroup, fsGroup } = rendered.deployment.template.spec.securityContext;
  const ids = ['--reuid', String(runAsUser), '--regid', String(runAsGroup), '--groups', String(fsGroup)];
  const { allowPrivilegeEscalation, capabilities } = rendered.container.securityContext;
  const privileges = allowPrivilegeEscalation === false ? ['--no-new-privs'] : [];
  const { drop } = capabilities as { drop: readonly string[] };
  const rights = drop.includes('ALL') ? ['--bounding-set=-all', '--inh-caps=-all'] : [];
  return ['setpriv', ...ids, ...privileges, ...rights];
};

/** Folders for the claims, each with the group that the pod wants for it: `source:path`. */
const volumes = (rendered: Rendered, folder: TempFolder): readonly string[] => {
  const { volumes = [], securityContext } = rendered.deployment.template.spec;
  return (rendered.container.volumeMounts ?? []).map(({ name, mountPath }) => {
    const volume = volumes.find((it) => it.name === name);
    if (volume?.['persistentVolumeClaim'] === undefined) throw new Error(`${name} is no claim`);
    const source = folder.file(name);
    mkdirSync(source);
    chownSync(source, 0, Number(securityContext['fsGroup']));
    chmodSync(source, 0o2775);
    return `${source}:${mountPath}`;
  });
};
