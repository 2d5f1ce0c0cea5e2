import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { KUBE_VERSION } from '../chart.js';
import { compileOnce, goEnvironment, toolFolder } from '../../support/compile-once.js';

const run = promisify(execFile);

/** For a `beforeAll` that may have to compile: eight minutes for the server on two busy cores. */
export const KUBERNETES_INSTALL_TIMEOUT_MS = 2_400_000;

const VERSION = `v${KUBE_VERSION}`;
const [MAJOR = '', MINOR = '', PATCH = ''] = KUBE_VERSION.split('.');
const MODULE = `k8s.io/kubernetes@${VERSION}`;
/** `	k8s.io/api => ./staging/src/k8s.io/api` */
const LOCAL_PART = /^\s*(k8s\.io\/[\w-]+) => \.\/staging\//gm;
const VERSION_PACKAGE = 'k8s.io/component-base/version';
const BUILD = [
  'printf "%s" "$GO_MOD" > go.mod',
  'go build -mod=mod -trimpath -ldflags "$LINK" -o "$0.new" "$WHAT"',
  'mv "$0.new" "$0"',
].join(' && ');

/**
 * A program of Kubernetes itself, compiled first when it is missing. `go install` refuses its module, since that takes
 * parts from folders beside it: here a module of our own takes the same parts in their published versions.
 * Rejects with one line that says what to install.
 */
export const kubernetesTool = async (name: 'kube-apiserver' | 'kubectl'): Promise<string> => {
  const what = `k8s.io/kubernetes/cmd/${name}`;
  return compileOnce({
    name,
    version: VERSION,
    command: `go build ${what} ${VERSION}`,
    script: BUILD,
    cwd: toolFolder(name, VERSION),
    env: async () => ({ WHAT: what, GO_MOD: await goMod(), LINK: LINK_FLAGS }),
  });
};

/** What the server says that it is, and Helm looks at. */
const LINK_FLAGS = [
  '-s -w',
  `-X ${VERSION_PACKAGE}.gitVersion=${VERSION}`,
  `-X ${VERSION_PACKAGE}.gitMajor=${MAJOR}`,
  `-X ${VERSION_PACKAGE}.gitMinor=${MINOR}`,
].join(' ');

const goMod = async (): Promise<string> => {
  const { stdout } = await run('go', ['mod', 'download', '-json', MODULE], { cwd: '/', env: goEnvironment() });
  const original = await readFile((JSON.parse(stdout) as { GoMod: string }).GoMod, 'utf8');
  const parts = [...original.matchAll(LOCAL_PART)].map(([, part = '']) => part);
  const directive = (word: string): string => new RegExp(`^${word} .*$`, 'm').exec(original)?.[0] ?? '';
  return [
    'module alert-threader.test/kubernetes',
    directive('go'),
    directive('godebug'),
    `require k8s.io/kubernetes ${VERSION}`,
    ...parts.map((part) => `replace ${part} => ${part} v0.${MINOR}.${PATCH}`),
    '',
  ].join('\n');
};
