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
      if (uses !== undefined) expect(uses).toMatch(/^[\w.-]+\/[\w.-]+@(v\d+|[0-9a-f]{40})$/);
      if (uses?.startsWith('actions/checkout@')) expect(settings).toMatchObject({ 'persist-credentials': false });
    }
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
