import { execFile, spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureDebianPackage } from '../../support/debian-package.js';

const run = promisify(execFile);

const TOOLS = join(__dirname, '../../../tools/image');

/** For a `beforeAll` that may have to build everything: two Debian systems, npm ci twice, and the compiler. */
export const BUILD_TIMEOUT_MS = 900_000;

const PACKAGES = ['podman', 'runc', 'mmdebstrap'];

/** What `tools/image/weigh.mjs` says, in bytes. */
export interface Weights {
  readonly withoutNode: number;
  readonly node: number;
  readonly packages: Readonly<Record<string, number>>;
}

/** What `docker inspect` says of an image. */
export interface ImageConfig {
  readonly Config: {
    readonly User: string;
    readonly Entrypoint: readonly string[];
    readonly WorkingDir: string;
    readonly Env: readonly string[];
    readonly Volumes: Readonly<Record<string, object>>;
    readonly ExposedPorts: Readonly<Record<string, object>>;
    readonly Labels: Readonly<Record<string, string>>;
  };
  readonly Healthcheck: { readonly Test: readonly string[] };
}

/** podman with the storage of `tools/image`. Rejects with its words. */
export const podmanOutputs = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
  run(process.execPath, [join(TOOLS, 'podman.mjs'), ...args], { maxBuffer: 2 ** 26 });

/** Its standard output. */
export const podman = async (...args: string[]): Promise<string> => (await podmanOutputs(...args)).stdout;

const built = new Map<string, Promise<void>>();

/** Builds the repository's own Dockerfile, once in a test file. */
export const buildOnce = (tag: string): Promise<void> => {
  const building = built.get(tag) ?? build(tag);
  built.set(tag, building);
  return building;
};

/**
 * Builds as `node tools/image/build.mjs` does. Rejects with what the builder said.
 *
 * @param file another Dockerfile than the repository's
 */
export const build = async (tag: string, file?: string): Promise<void> => {
  await ensureDebianPackage('podman', PACKAGES);
  await ensureDebianPackage('mmdebstrap', PACKAGES);
  process.stderr.write(`building ${tag} (podman), minutes the first time …\n`);
  const args = [join(TOOLS, 'build.mjs'), '--quiet', '--tag', tag, ...(file === undefined ? [] : ['--file', file])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(said.trim());
};

export const inspect = async (image: string): Promise<ImageConfig> => {
  const [config] = JSON.parse(await podman('image', 'inspect', image)) as ImageConfig[];
  if (config === undefined) throw new Error(`there is no image ${image}`);
  return config;
};

export const weigh = async (image: string): Promise<Weights> => {
  const { stdout } = await run(process.execPath, [join(TOOLS, 'weigh.mjs'), image, '--json']);
  return JSON.parse(stdout) as Weights;
};

/** Every file of an image below a folder, as paths from there. */
export const filesOf = (image: string, folder: string): Promise<string[]> =>
  mounted(image, async (root) => {
    const { stdout } = await run('find', ['.', '-type', 'f'], { cwd: join(root, folder), maxBuffer: 2 ** 26 });
    return stdout
      .trim()
      .split('\n')
      .map((path) => path.slice(2));
  });

/** The user id that owns a file or folder of an image. Rejects where there is none. */
export const ownerOf = (image: string, path: string): Promise<number> =>
  mounted(image, async (root) => (await stat(join(root, path))).uid);

const mounted = async <T>(image: string, look: (root: string) => Promise<T>): Promise<T> => {
  const root = (await podman('image', 'mount', image)).trim();
  try {
    return await look(root);
  } finally {
    await podman('image', 'unmount', image);
  }
};
