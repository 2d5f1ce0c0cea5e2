import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const ROOT = join(__dirname, '../../..');
const FOLDER = join(ROOT, '.cache/host');

/** For a `beforeAll` that builds a release: compiling, and a copy of the packages. */
export const PACK_TIMEOUT_MS = 600_000;

/** A packed release of this clone, made as an operator makes it. Kept until the sources change. */
export async function packedRelease(): Promise<string> {
  const name = await releaseName();
  const file = join(FOLDER, `alert-threader-${name}.tar.gz`);
  if (existsSync(file)) return file;
  await mkdir(FOLDER, { recursive: true });
  process.stderr.write('./install.sh --pack, a minute or two after a change of the sources …\n');
  // Jest's workers may want it at the same time: one waits for the other. Releases of earlier sources go.
  const pack = '[ -e "$1" ] || { rm -f "$2"/alert-threader-*.tar.gz && "$0" --pack "$1.new" && mv "$1.new" "$1"; }';
  const lock = join(FOLDER, 'pack.lock');
  await run('flock', [lock, 'sh', '-c', pack, join(ROOT, 'install.sh'), file, FOLDER], { maxBuffer: 2 ** 26 });
  return file;
}

/** Unpacks a release into a folder of its own below `folder`. @returns that folder's name */
export async function unpack(file: string, folder: string): Promise<string> {
  const target = await mkdtemp(join(folder, 'release-'));
  await run('tar', ['-xzf', file, '-C', target, '--strip-components=1']);
  await run('chmod', ['755', target]);
  return target;
}

/** The same release under another name; `main` replaces its dist/main.js. Files are shared with the first one. */
export async function otherRelease(release: string, name: string, main?: string): Promise<string> {
  const target = `${release}-${name}`;
  await run('cp', ['-al', release, target]);
  const file = join(target, 'RELEASE');
  const former = (await readFile(file, 'utf8')).trim();
  await rm(file); // not through the link
  await writeFile(file, `${former}-${name}\n`);
  if (main !== undefined) {
    const path = join(target, 'dist/main.js');
    await rm(path);
    await writeFile(path, main);
  }
  return target;
}

export const nameOf = async (release: string): Promise<string> =>
  (await readFile(join(release, 'RELEASE'), 'utf8')).trim();

/** What install.sh calls this clone. */
async function releaseName(): Promise<string> {
  const script = ['paths', 'say', 'release'].map((part) => `. "$SOURCE/tools/host/${part}.sh"`).join('\n');
  const { stdout } = await run('bash', ['-euc', `SOURCE=$1\n${script}\nrelease_name`, 'install.sh', ROOT]);
  return stdout.trim();
}
