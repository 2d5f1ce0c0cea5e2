import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDebianPackage } from '../../support/debian-package.js';
import { TempFolder } from '../../support/temp-folder.js';
import { GO_INSTALL_TIMEOUT_MS, goTool } from '../support/go-tool.js';
import { pathOf, readWorkflow, ROOT, stepsOf, WORKFLOWS } from './workflow-file.js';

/** What a job of a workflow writes. */
const MAY_WRITE: Readonly<Record<string, readonly string[]>> = {
  'release.yml image': ['packages'],
  'release.yml chart': ['packages'],
  'release.yml page': ['contents'],
};

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('the GitHub workflows', () => {
  let actionlint: string;
  let shellcheck: string;

  beforeAll(async () => {
    shellcheck = await ensureDebianPackage('shellcheck', ['shellcheck']);
    actionlint = await goTool({
      name: 'actionlint',
      module: 'github.com/rhysd/actionlint/cmd/actionlint',
      version: 'v1.7.12',
    });
  }, GO_INSTALL_TIMEOUT_MS);

  const lint = (...files: string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const args = ['-no-color', '-shellcheck', shellcheck, '-pyflakes', '', ...files];
      execFile(actionlint, args, { cwd: ROOT }, (error, stdout, stderr) => {
        if (error !== null && error.code !== 1) reject(new Error(`actionlint: ${stderr}`, { cause: error }));
        else resolve(stdout);
      });
    });

  it('are what actionlint and shellcheck find no fault with', async () => {
    expect(await lint(...WORKFLOWS.map(pathOf))).toBe('');
    const folder = new TempFolder();
    try {
      const broken = folder.file('ci.yml');
      const unquoted = read('.github/workflows/ci.yml').replace('"$GITHUB_WORKSPACE"', '$GITHUB_WORKSPACE');
      writeFileSync(broken, unquoted.replace('permissions:', 'permission:'));
      const faults = await lint(broken);
      expect(faults).toContain('SC2086');
      expect(faults).toContain('"permission"');
    } finally {
      folder.remove();
    }
  });

  it('run .ci/run, on the Node that the packages bring', () => {
    const { test } = readWorkflow('ci.yml').jobs;
    expect(test?.steps?.map(({ run }) => run)).toContain('.ci/run');
    const { devDependencies, scripts } = JSON.parse(read('package.json')) as {
      devDependencies: Record<string, string>;
      scripts: Record<string, string>;
    };
    const major = devDependencies['node']?.split('.')[0] ?? '';
    expect(test?.container?.image).toMatch(new RegExp(`^node:${major}-`));
    const setups = stepsOf(readWorkflow('release.yml')).filter(({ uses }) => uses?.startsWith('actions/setup-node@'));
    expect(setups.map((step) => String(step.with?.['node-version']))).toEqual([major]);

    const commands = read('.ci/run')
      .split('\n')
      .filter((line) => line.startsWith('npm '));
    expect(commands).toEqual(['npm test', 'npm run test:deploy']);
    for (const script of ['test', 'test:deploy']) expect(scripts[script]).toMatch(/^jest\b/);
  });

  it('release nothing that was not tested', () => {
    const { jobs } = readWorkflow('release.yml');
    expect(jobs['test']?.uses).toBe('./.github/workflows/ci.yml');
    expect(jobs['image']?.needs).toEqual(expect.arrayContaining(['test', 'version']));
    expect(jobs['chart']?.needs).toContain('image');
    expect(jobs['page']?.needs).toEqual(expect.arrayContaining(['image', 'chart']));
  });

  it.each(WORKFLOWS)('%s may do little, ends in time and takes no text of others as commands', (name) => {
    const workflow = readWorkflow(name);
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const [job, { uses, permissions = {}, 'timeout-minutes': minutes }] of Object.entries(workflow.jobs)) {
      if (uses === undefined) expect([job, minutes]).toEqual([job, expect.any(Number)]);
      const written = Object.keys(permissions).filter((scope) => permissions[scope] !== 'read');
      expect([job, written]).toEqual([job, MAY_WRITE[`${name} ${job}`] ?? []]);
    }
    for (const { uses, run, with: settings } of stepsOf(workflow)) {
      // an expression within commands is put there before the shell reads them
      if (run !== undefined) expect(run).not.toContain('${{');
      if (uses !== undefined) expect(uses).toMatch(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/);
      if (uses?.startsWith('actions/checkout@')) expect(settings).toMatchObject({ 'persist-credentials': false });
    }
  });

  it.each(WORKFLOWS)('%s says beside each commit which version it is', (name) => {
    const uses = read(`.github/workflows/${name}`).match(/^.*uses: (?!\.\/).*$/gm) ?? [];
    expect(uses.length).toBeGreaterThan(3);
    expect(uses.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
    const versions = new Set(uses.map((line) => line.replace(/^.*uses: /, '')));
    const actions = new Set(uses.map((line) => line.replace(/^.*uses: |@.*$/g, '')));
    expect(versions.size).toBe(actions.size); // one version of each
  });

  it('and Dockerfile and compose.yaml name images by digest, which Renovate keeps new', () => {
    const files = ['Dockerfile', 'compose.yaml', '.github/workflows/ci.yml'];
    const images = files.flatMap((file) =>
      [...read(file).matchAll(/^(?:ARG \w+_IMAGE=|\s+image: )([\w./-]+:\S+)$/gm)].map(([, image = '']) => image),
    );
    expect(images).toHaveLength(5);
    const byTag = images.filter((image) => !/:[\w.-]+@sha256:[0-9a-f]{64}$/.test(image));
    expect(byTag).toEqual(['docker.io/prom/alertmanager:v0.34.2']); // docs/security.md says why
    const renovate = JSON.parse(read('renovate.json')) as { enabledManagers: string[] };
    expect(renovate.enabledManagers.sort()).toEqual(['docker-compose', 'dockerfile', 'github-actions']);
  });

  it('give the image what the Dockerfile asks for', () => {
    const build = stepsOf(readWorkflow('release.yml')).find(({ uses }) =>
      uses?.startsWith('docker/build-push-action@'),
    );
    const given = String(build?.with?.['build-args']).match(/^\w+(?==)/gm) ?? [];
    expect(given).toEqual(['VERSION', 'REVISION']);
    const wanted = [...read('Dockerfile').matchAll(/^ARG (\w+)/gm)].map(([, name]) => name);
    expect(wanted).toEqual(expect.arrayContaining(given));
    expect(build?.with).toMatchObject({ platforms: 'linux/amd64,linux/arm64', provenance: 'mode=max', sbom: true });
  });
});
