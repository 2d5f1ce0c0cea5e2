import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { TempFolder } from '../../support/temp-folder.js';
import { ensureHelm } from '../helm/tools.js';
import { GO_INSTALL_TIMEOUT_MS } from '../support/go-tool.js';
import { commandsOf, readWorkflow, ROOT } from './workflow-file.js';

const SCRIPT = 'tools/release/release.mjs';
const FILES = ['package.json', 'package-lock.json', 'CHANGELOG.md', SCRIPT, 'helm/alert-threader'];
const { version: VERSION } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (
  cwd: string,
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Answer> =>
  new Promise((resolve) => {
    execFile(program, args, { cwd, env: { PATH: process.env['PATH'], ...env } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });

describe('a release', () => {
  let folder: TempFolder;

  beforeEach(() => {
    folder = new TempFolder();
    for (const file of FILES) {
      mkdirSync(dirname(folder.file(file)), { recursive: true });
      cpSync(join(ROOT, file), folder.file(file), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), folder.file('node_modules'));
    change('CHANGELOG.md', /^## .*/m, `## ${VERSION}, 2026-11-22`);
  });
  afterEach(() => {
    folder.remove();
  });

  const change = (file: string, from: RegExp, to: string): void => {
    const text = readFileSync(folder.file(file), 'utf8');
    expect(text).toMatch(from);
    writeFileSync(folder.file(file), text.replace(from, to));
  };
  const release = (command: string, tag: string): Promise<Answer> =>
    run(folder.path, process.execPath, [SCRIPT, command, tag]);

  it('goes ahead where tag, package.json, its lock, Chart.yaml and CHANGELOG.md agree', async () => {
    expect(await release('check', `v${VERSION}`)).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
  });

  it.each([
    ['package.json', /"version": ".*"/, '"version": "9.9.9"', 'version of package.json is 9.9.9'],
    ['package-lock.json', /"version": ".*"/, '"version": "9.9.9"', 'version of package-lock.json is 9.9.9'],
    ['helm/alert-threader/Chart.yaml', /^version: .*/m, 'version: 9.9.9', 'helm/alert-threader/Chart.yaml is 9.9.9'],
    ['helm/alert-threader/Chart.yaml', /^appVersion: .*/m, 'appVersion: 9.9.9', 'appVersion of helm/alert-threader'],
    ['CHANGELOG.md', /^## .*/m, '## Unreleased', `CHANGELOG.md has nothing under "## ${VERSION}"`],
  ])('is refused where %s has another version', async (file, from, to, said) => {
    change(file, from, to);
    const { code, stdout, stderr } = await release('check', `v${VERSION}`);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(said);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it.each(['', 'latest', VERSION, 'v1', 'v1.2.3;id'])('is refused for the tag %j', async (tag) => {
    const { code, stderr } = await release('check', tag);
    expect(code).toBe(1);
    expect(stderr).toContain('expected v1.2.3');
  });

  it("has that version's part of CHANGELOG.md as its notes, and no other", async () => {
    change('CHANGELOG.md', /$/, '\n## 0.0.1\n\n- Older.\n');
    const { code, stdout } = await release('notes', `v${VERSION}`);
    expect(code).toBe(0);
    const [, notes = ''] = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8').split(/^## .*$/m);
    expect(notes).toMatch(/^- /m);
    expect(stdout.trim()).toBe(notes.trim());
    expect(stdout).not.toMatch(/Older|^## /m);
  });

  it(
    'makes a chart that runs the image that was pushed',
    async () => {
      const { helm } = await ensureHelm();
      const commands = commandsOf(readWorkflow('release.yml'), 'The chart runs the image that was just pushed');
      const env = {
        PATH: `${dirname(helm)}${delimiter}${process.env['PATH'] ?? ''}`,
        GITHUB_REPOSITORY: 'Some-Org/Alert-Threader',
        VERSION,
      };
      // GitHub runs it so
      const bash = (): Promise<Answer> =>
        run(folder.path, 'bash', ['--noprofile', '--norc', '-e', '-c', commands], env);
      const { code, stdout } = await bash();
      expect([code, stdout]).toEqual([
        0,
        expect.stringContaining(`ghcr.io/some-org/alert-threader:${VERSION}`) as string,
      ]);
      change('helm/alert-threader/values.yaml', /^ {2}repository: .*/m, '  repository: elsewhere');
      expect((await bash()).code).not.toBe(0);
    },
    GO_INSTALL_TIMEOUT_MS,
  );
});
