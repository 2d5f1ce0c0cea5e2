import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureDebianPackage } from '../../support/debian-package.js';

const run = promisify(execFile);

const SUITE = 'bookworm';
const PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'procps',
  'curl',
  'ca-certificates',
  'redis-server',
  'redis-tools',
];
const FOLDER = join(__dirname, '../../../.cache/host', `debian-${SUITE}`);

/** For a `beforeAll` that may have to fetch a Debian: two minutes on two busy cores. */
export const DEBIAN_TIMEOUT_MS = 900_000;

/**
 * A folder with a small Debian, fetched once; nobody writes there afterwards.
 * Rejects with one line that says what is missing: root, debootstrap, or the way to a mirror.
 */
export async function debianRoot(): Promise<string> {
  if (process.getuid?.() !== 0) throw new Error('the tests of the plain host boot a Debian: run them as root');
  if (existsSync(FOLDER)) return FOLDER;
  const debootstrap = await ensureDebianPackage('../sbin/debootstrap', ['debootstrap']);
  const unfinished = `${FOLDER}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  process.stderr.write(`debootstrap ${SUITE}, two minutes the first time …\n`);
  try {
    const args = ['--variant=minbase', `--include=${PACKAGES.join(',')}`, SUITE, unfinished];
    await run(debootstrap, args, { maxBuffer: 2 ** 26 });
    // each test starts it where it wants it
    await run('chroot', [unfinished, 'systemctl', 'disable', '--quiet', 'redis-server']);
    await rm(join(unfinished, 'var/cache/apt/archives'), { recursive: true });
    await rename(unfinished, FOLDER);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    const { stderr = '', message } = error as { stderr?: string; message: string };
    throw new Error(`can't get a Debian by debootstrap: ${stderr.trim().split('\n').at(-1) || message}`, {
      cause: error,
    });
  }
  return FOLDER;
}

/** Where processes of ours can have a group of their own, as systemd needs: a mounted cgroup v2. */
export async function ownCgroup(): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const { stdout } = await run('findmnt', ['-n', '-l', '-t', 'cgroup2', '-o', 'TARGET']);
  const mount = stdout.split('\n')[0]?.trim() ?? '';
  if (mount === '') throw new Error('the tests of the plain host boot a systemd: mount a cgroup v2 for it');
  const path = join(mount, `alert-threader-test-${process.pid}-${Date.now()}`);
  await mkdir(path);
  return { path, remove: () => removeCgroup(path) };
}

/** The deepest groups first; a group's files go with it. */
async function removeCgroup(path: string): Promise<void> {
  const { stdout } = await run('find', [path, '-depth', '-type', 'd']);
  for (const group of stdout.split('\n').filter((line) => line !== '')) await rmdir(group);
}
