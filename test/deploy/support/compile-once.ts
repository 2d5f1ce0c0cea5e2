import { execFile } from 'node:child_process';
import { access, constants, mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const PROGRESS_EVERY_MS = 30_000;

/** Compiled once a version; `npm run test:deploy` finds it again. */
const FOLDER = join(__dirname, '../../../.cache/go');
/** Jest's workers may want to compile at the same time: one waits for the other. */
const UNLESS_THERE = '[ -x "$0" ] || ';
/** Where Go is when it is not in PATH. */
const USUAL_GO = '/usr/local/go/bin';

export const toolFolder = (name: string, version: string): string => join(FOLDER, `${name}-${version}`);

/** How a program comes to `toolFolder(name, version)`/name. */
export interface Compilation {
  readonly name: string;
  readonly version: string;
  /** What people could run themselves, for messages. */
  readonly command: string;
  /** Shell commands with Go in PATH. */
  readonly script: string;
  readonly cwd: string;
  /** More variables for the script; asked for only where it runs. */
  readonly env: () => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>;
}

/**
 * Where a program is, compiled first when it is missing, with a word on standard error every 30 s.
 * Rejects with one line that says what to install.
 */
export async function compileOnce({ name, version, command, script, cwd, env }: Compilation): Promise<string> {
  const folder = toolFolder(name, version);
  const path = join(folder, name);
  if (await isProgram(path)) return path;
  const advice = `${name} ${version} is missing`;
  await mkdir(folder, { recursive: true });
  const begin = performance.now();
  const tell = (): void => {
    const seconds = Math.round((performance.now() - begin) / 1000);
    process.stderr.write(`${command}, minutes the first time: ${seconds} s …\n`);
  };
  await goVersion().catch((cause: unknown) => {
    throw new Error(`${advice}: install Go (golang), with which the tests compile it`, { cause });
  });
  tell();
  const progress = setInterval(tell, PROGRESS_EVERY_MS);
  try {
    const options = { cwd, env: { ...goEnvironment(), ...(await env()) }, maxBuffer: 2 ** 26 };
    await run('flock', [`${path}.lock`, 'sh', '-c', `${UNLESS_THERE}{ ${script}; }`, path], options);
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    const last = stderr.trim().split('\n').at(-1) ?? '';
    throw new Error(`${advice}: ${command} (it was tried: ${last})`, { cause: error });
  } finally {
    clearInterval(progress);
  }
  return path;
}

/** For a child that runs Go. */
export const goEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${process.env['PATH'] ?? ''}${delimiter}${USUAL_GO}`,
});

const goVersion = (): Promise<unknown> => run('go', ['version'], { cwd: '/', env: goEnvironment() });

const isProgram = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
