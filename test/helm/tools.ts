import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** For a `beforeAll` that may have to compile Helm: three minutes on two busy cores. */
export const HELM_INSTALL_TIMEOUT_MS = 900_000;
const PROGRESS_EVERY_MS = 30_000;

const PACKAGES = {
  helm: 'helm.sh/helm/v3/cmd/helm@v3.22.0',
  kubeconform: 'github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0',
};
type Tool = keyof typeof PACKAGES;

/** Jest's workers may want to install at the same time: where there is flock, one waits for the other. */
const LOCK = join(tmpdir(), 'alert-threader-test-go-install');
const INSTALL = '[ -x "$0" ] || go install "$1"';

export interface HelmTools {
  readonly helm: string;
  readonly kubeconform: string;
}

/**
 * Where Helm and kubeconform are: in PATH, or in Go's bin folder, compiled into it first when they are missing.
 * Rejects with one line that says what to install.
 */
export const ensureHelm = async (): Promise<HelmTools> => ({
  helm: await ensure('helm'),
  kubeconform: await ensure('kubeconform'),
});

const ensure = async (tool: Tool): Promise<string> => {
  const there = await inPath(tool);
  if (there !== undefined) return there;
  const advice = `${tool} is missing: go install ${PACKAGES[tool]} (or SKIP_HELM=1 leaves out what wants it)`;
  const folder = await goBin();
  if (folder === undefined) throw new Error(`${advice}, and so is Go`);
  const path = join(folder, tool);
  if (!(await isProgram(path))) await install(tool, path, advice);
  return path;
};

const install = async (tool: Tool, path: string, advice: string): Promise<void> => {
  const begin = performance.now();
  const tell = (): void => {
    const seconds = Math.round((performance.now() - begin) / 1000);
    process.stderr.write(`installing ${PACKAGES[tool]} (go install, minutes the first time): ${seconds} s …\n`);
  };
  tell();
  const progress = setInterval(tell, PROGRESS_EVERY_MS);
  const flock = (await inPath('flock')) === undefined ? [] : ['flock', LOCK];
  const [program, ...args] = [...flock, 'sh', '-c', INSTALL, path, PACKAGES[tool]];
  try {
    await run(program, args, { cwd: '/', maxBuffer: 2 ** 26 }); // outside of any Go module
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    throw new Error(`${advice} (it was tried: ${stderr.trim().split('\n').at(-1) ?? ''})`, { cause: error });
  } finally {
    clearInterval(progress);
  }
};

/** Where `go install` puts programs; undefined without Go. */
const goBin = async (): Promise<string | undefined> => {
  try {
    const { stdout } = await run('go', ['env', 'GOBIN', 'GOPATH'], { cwd: '/' });
    const [bin = '', path = ''] = stdout.split('\n');
    return bin === '' ? join(path.split(delimiter)[0] ?? '', 'bin') : bin;
  } catch {
    return undefined;
  }
};

const inPath = async (program: string): Promise<string | undefined> => {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    if (await isProgram(join(folder, program))) return join(folder, program);
  }
  return undefined;
};

const isProgram = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
