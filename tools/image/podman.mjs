// Podman with a storage of its own in .cache/image: what it builds touches no image of yours. Wants root, on Linux.
// `node tools/image/podman.mjs images` and the like are handed on to it.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const self = fileURLToPath(import.meta.url);
export const root = join(dirname(self), '../..');

/** Everything that is made here; removing it forgets all of it. */
export const folder = join(root, '.cache/image');

/** Debian's packages, and where each has its program. */
const PACKAGES = { podman: '/usr/bin/podman', runc: '/usr/sbin/runc', mmdebstrap: '/usr/bin/mmdebstrap' };

/** Before podman's own arguments: a storage of our own, and what works without systemd too. */
const GLOBAL_OPTIONS = [
  ...['--root', join(folder, 'storage'), '--runroot', join(folder, 'run')],
  ...['--storage-driver', 'overlay', '--runtime', PACKAGES.runc, '--cgroup-manager', 'cgroupfs'],
];

/** What is missing here, as one line that says what to do; undefined when nothing is. */
export const whatIsMissing = () => {
  if (process.platform !== 'linux' || process.getuid() !== 0) return 'images are built as root, on Linux';
  const missing = Object.keys(PACKAGES).filter((name) => !existsSync(PACKAGES[name]));
  if (missing.length === 0) return undefined;
  return `missing: ${missing.join(', ')}: apt-get install -y --no-install-recommends ${missing.join(' ')}`;
};

/** @returns what it wrote to standard output, unless `shown` sends it to the terminal */
export const podman = (args, { shown = false } = {}) => {
  mkdirSync(folder, { recursive: true });
  return run(PACKAGES.podman, [...GLOBAL_OPTIONS, ...args], { shown, what: `podman ${args[0]}` });
};

/** Rejects with the program's own words when it fails. */
export const run = (program, args, { shown = false, what = program } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', shown ? 'inherit' : 'pipe', shown ? 'inherit' : 'pipe'] });
    const said = { stdout: '', stderr: '' };
    for (const name of shown ? [] : ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => (said[name] += text));
    }
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(said.stdout);
      else reject(new Error(`${what} ended with ${code}\n${said.stdout}${said.stderr}`.trim()));
    });
  });

if (process.argv[1] === self) {
  const missing = whatIsMissing();
  if (missing !== undefined) {
    process.stderr.write(`${missing}\n`);
    process.exit(1);
  }
  const child = spawn(PACKAGES.podman, [...GLOBAL_OPTIONS, ...process.argv.slice(2)], { stdio: 'inherit' });
  child.once('close', (code) => process.exit(code ?? 1));
}
