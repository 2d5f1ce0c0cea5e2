import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Config } from '../../../src/config/config.js';
import { variableOf } from '../../../src/config/from-variable.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { ensureDebianPackage, INSTALL_TIMEOUT_MS } from '../../support/debian-package.js';
import { TempFolder } from '../../support/temp-folder.js';
import { runHere } from './outcome.js';
import { ROOT } from './packed-release.js';

const SCRIPTS = ['install.sh', 'setup-redis.sh', 'send-test-alerts.sh', 'test/deploy/host/boot.sh'];
const UNIT = join(ROOT, 'config/systemd/alert-threader.service');
/** systemd's own measure, in tenths: 30 is "OK". Ours is kept well below. */
const EXPOSURE_AT_MOST = 15;

describe('scripts and unit of the plain host', () => {
  let folder: TempFolder;

  beforeEach(() => {
    folder = new TempFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  describe('shellcheck', () => {
    let shellcheck: string;
    beforeAll(async () => {
      shellcheck = await ensureDebianPackage('shellcheck', ['shellcheck']);
    }, INSTALL_TIMEOUT_MS);

    it.each(SCRIPTS)('%s', async (script) => {
      const { code, text } = await runHere(shellcheck, ['-x', '-a', join(ROOT, script)]);
      expect(text).toBe('');
      expect(code).toBe(0);
    });
  });

  it.each(SCRIPTS.slice(0, 3))('%s says how it is used, also to who may not use it', async (script) => {
    const { code, stdout, stderr } = await runHere(join(ROOT, script), ['--help']);
    expect(stdout).toContain(`./${script}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const wrong = await runHere(join(ROOT, script), ['--wrong']);
    expect(wrong).toMatchObject({ code: 1, stderr: `${script}: unknown: --wrong\n  See --help.\n` });
  });

  describe('the unit', () => {
    let analyze: string;
    beforeAll(async () => {
      analyze = await ensureDebianPackage('systemd-analyze', ['systemd']);
    }, INSTALL_TIMEOUT_MS);

    /** The unit in a folder of its own, with a program that is there. */
    const unitIn = async (change: (text: string) => string = (text) => text): Promise<string> => {
      const path = folder.file('alert-threader.service');
      const text = await readFile(UNIT, 'utf8');
      await writeFile(path, change(text.replace('/opt/alert-threader/current/bin/node', process.execPath)));
      return path;
    };
    const exposure = (path: string): ReturnType<typeof runHere> =>
      runHere(analyze, ['security', '--offline=true', `--threshold=${EXPOSURE_AT_MOST}`, '--no-pager', path]);

    it('is understood by systemd', async () => {
      const { code, text } = await runHere(analyze, ['verify', '--man=no', await unitIn()]);
      expect(text.split('\n').filter((line) => line.includes('alert-threader.service'))).toEqual([]);
      expect(code).toBe(0);
      const typo = await unitIn((unit) => unit.replace('ProtectSystem=', 'ProtectSytem='));
      expect((await runHere(analyze, ['verify', '--man=no', typo])).text).toContain('ProtectSytem');
    });

    it("writes no core file, which would hold every token, and may not take the host's memory", async () => {
      const unit = await readFile(UNIT, 'utf8');
      const settings = new Map([...unit.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
      expect(settings.get('LimitCORE')).toBe('0');
      const [, limit = ''] = /^(\d+)M$/.exec(settings.get('MemoryMax') ?? '') ?? [];
      // docs/benchmarks.md: 100,000 live threads under load, with as much again
      expect(Number(limit)).toBeGreaterThanOrEqual(2 * 470);
    });

    it(`exposes less than ${EXPOSURE_AT_MOST / 10} of 10`, async () => {
      const { code, text } = await exposure(await unitIn());
      expect(text).toMatch(/Overall exposure level for .*: \d/);
      expect(code).toBe(0);
      const loose = (unit: string): string =>
        unit.replace(/^(SystemCallFilter|CapabilityBoundingSet|Protect.*)=.*\n/gm, '');
      expect((await exposure(await unitIn(loose))).code).not.toBe(0);
    });
  });

  describe('config/alert-threader.env.example', () => {
    const text = readFileSync(join(ROOT, 'config/alert-threader.env.example'), 'utf8');
    const lines = [...text.matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value] as const);

    it('has every setting of the service, once, and sets none', () => {
      const config = loadConfig({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_CHANNEL: 'C0123456789' });
      const variables = Object.keys(config).map((property) => variableOf(config, property));
      expect(config).toBeInstanceOf(Config);
      expect(lines.map(([name]) => name).sort()).toEqual(variables.sort());
      expect(text).not.toMatch(/^[A-Z]/m);
    });

    it('shows values that can be used', () => {
      const oneOf = (name: string): boolean => !/_(USERNAME|PASSWORD)$/.test(name);
      const given = Object.fromEntries(lines.filter(([name]) => oneOf(name)));
      const shown = { ...given, SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
      expect(() => loadConfig(shown)).not.toThrow();
    });
  });

  it('read and write values as systemd does', async () => {
    await mkdir(folder.file('etc'));
    const values = [
      'plain',
      'a b',
      'a"b',
      "it's",
      'back\\slash',
      '$HOME',
      '`id`',
      '#x',
      'a;b',
      'a=b',
      'ä',
      '{x}',
      '%n',
    ];
    const script = [
      'SOURCE=$1; shift',
      '. "$SOURCE/tools/host/paths.sh"; . "$SOURCE/tools/host/say.sh"; . "$SOURCE/tools/host/settings.sh"',
      'for value in "$@"; do printf "%s\\n" "$(value_of_line "$(line_value "$value")")"; done',
    ].join('\n');
    const { stdout } = await runHere('bash', ['-euc', script, 'test', ROOT, ...values]);
    expect(stdout.trimEnd().split('\n')).toEqual(values);
  });
});
