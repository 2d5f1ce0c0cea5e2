import { lstatSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/free-port.js';
import { TempFolder } from '../../support/temp-folder.js';
import { runHere } from './outcome.js';
import { nameOf, PACK_TIMEOUT_MS, packedRelease, unpack } from './packed-release.js';

describe('DESTDIR, for packages', () => {
  let folder: TempFolder;
  let release: string;

  beforeAll(async () => {
    folder = new TempFolder();
    release = await unpack(await packedRelease(), folder.path);
  }, PACK_TIMEOUT_MS);
  afterAll(() => {
    folder.remove();
  });

  it('gets every file below it, and takes them away again', async () => {
    const root = folder.file('package');
    const env = { DESTDIR: root };
    // a folder that is there already, as a package's build has it
    const { code, text } = await runHere(join(release, 'install.sh'), ['--unattended'], env);
    expect(text).toMatch(/Installed release .* Nothing was started/);
    expect(code).toBe(0);

    const name = await nameOf(release);
    expect(readlinkSync(join(root, 'opt/alert-threader/current'))).toBe(`releases/${name}`);
    expect(statSync(join(root, 'etc/alert-threader/alert-threader.env')).mode & 0o777).toBe(0o640);
    const example = readFileSync(join(__dirname, '../../../config/alert-threader.env.example'), 'utf8');
    expect(readFileSync(join(root, 'etc/alert-threader/alert-threader.env'), 'utf8')).toBe(example);
    const unit = readFileSync(join(root, 'etc/systemd/system/alert-threader.service'), 'utf8');
    const [, ...command] = /^ExecStart=(\S+) (\S+)$/m.exec(unit) ?? [];
    // what the unit starts is there, and runs on the Node that came along
    const check = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_CHANNEL: 'C0123456789', BIND_PORT: String(await freePort()) };
    const [program = '', main = ''] = command.map((path) => join(root, path));
    expect(await runHere(program, [main, '--check'], check)).toMatchObject({ code: 0 });
    expect(await runHere(program, [main, '--check'])).toMatchObject({ code: 78 });

    const removed = await runHere(join(root, 'opt/alert-threader/current/install.sh'), ['--uninstall'], env);
    expect(removed.code).toBe(0);
    expect(lstatSync(join(root, 'opt')).isDirectory()).toBe(true);
    expect(() => lstatSync(join(root, 'opt/alert-threader'))).toThrow('ENOENT');
  });

  it('gets settings from a file of tokens, and keeps those that it has', async () => {
    const env = { DESTDIR: folder.file('settings') };
    const tokens = folder.file('tokens');
    writeFileSync(tokens, '# ours\nSLACK_BOT_TOKEN=xoxb-1-kept\nALERTMANAGER_PASSWORD="a b\\"c"\n', { mode: 0o600 });
    const args = ['--unattended', '--token-file', tokens, '--channel', 'C0123456789'];
    const first = await runHere(join(release, 'install.sh'), args, env);
    expect(first.text).not.toContain('xoxb-');
    expect(first.code).toBe(0);
    const path = join(env.DESTDIR, 'etc/alert-threader/alert-threader.env');
    const set = (): string[] =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => /^[A-Z]/.test(line));
    const SET = ['SLACK_BOT_TOKEN=xoxb-1-kept', 'SLACK_CHANNEL=C0123456789', 'ALERTMANAGER_PASSWORD="a b\\"c"'];
    expect(set()).toEqual(SET);

    const again = ['--unattended', '--channel', 'C9999999999', '--environment', 'production'];
    const second = await runHere(join(release, 'install.sh'), again, env);
    expect(second.stderr).toContain(`warning: SLACK_CHANNEL stays as it is; to change it edit ${path}`);
    expect(set()).toEqual([...SET.slice(0, 2), 'ENVIRONMENT=production', ...SET.slice(2)]);

    writeFileSync(tokens, 'SLACK_TOKEN=xoxb-1-kept\n');
    const wrong = await runHere(join(release, 'install.sh'), ['--unattended', '--token-file', tokens], env);
    expect(wrong.stderr).toContain('sets SLACK_TOKEN, which is no setting');
    expect(wrong.code).toBe(1);
  });
});
