import { compileOnce, toolFolder } from './compile-once.js';

/** For a `beforeAll` that may have to compile: three minutes for Helm on two busy cores, more while other tools are compiled. */
export const GO_INSTALL_TIMEOUT_MS = 1_800_000;

/** A program that is made with `go install`, of this very version. */
export interface GoTool {
  /** The program's name, the last part of its package's path. */
  readonly name: string;
  /** The package, as `helm.sh/helm/v3/cmd/helm`. */
  readonly module: string;
  /** As `v3.22.0`. */
  readonly version: string;
}

/**
 * Where a program is, compiled first when it is missing.
 * Rejects with one line that says what to install.
 */
export async function goTool({ name, module, version }: GoTool): Promise<string> {
  const folder = toolFolder(name, version);
  const what = `${module}@${version}`;
  return compileOnce({
    name,
    version,
    command: `go install ${what}`,
    script: 'go install "$WHAT"',
    // outside of any Go module
    cwd: '/',
    env: () => ({ GOBIN: folder, WHAT: what }),
  });
}
