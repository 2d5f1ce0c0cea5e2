import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** For a `beforeAll` that may have to install: about 30 s on a good line. */
export const INSTALL_TIMEOUT_MS = 300_000;

/** Jest's workers may want to install at the same time: one waits for the other. Its lists may be older than the mirror. */
const LOCK = '/var/lock/alert-threader-test-packages';
const INSTALL =
  'command -v "$0" || apt-get install -qq -y "$@" || { apt-get update -qq && apt-get install -qq -y "$@"; }';

/**
 * Where a program of Debian's packages is, installed first when it is missing and this user may.
 * Rejects with one line that says what to install.
 *
 * @param binary what is looked for, as `chromium` in `/usr/bin/chromium`
 * @param packages what to install for it, e.g. the binary's package and fonts
 */
export async function ensureDebianPackage(binary: string, packages: readonly string[]): Promise<string> {
  const path = `/usr/bin/${binary}`;
  if (await isProgram(path)) return path;
  const advice = `${path} is missing: apt-get install -y ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !(await isProgram('/usr/bin/apt-get'))) throw new Error(advice);

  process.stderr.write(`installing ${packages.join(' ')} (apt-get) …\n`);
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('flock', [LOCK, 'sh', '-c', INSTALL, path, ...packages], { env, maxBuffer: 2 ** 26 });
  } catch (error) {
    throw new Error(`${advice} (it was tried: ${lastLine(error)})`, { cause: error });
  }
  if (!(await isProgram(path))) throw new Error(`${advice} (it was tried: the package brings no ${binary})`);
  return path;
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function lastLine(error: unknown): string {
  const { stderr } = error as { stderr?: string };
  const text = stderr?.trim() || (error instanceof Error ? error.message : String(error));
  return text.split('\n').at(-1) ?? '';
}
