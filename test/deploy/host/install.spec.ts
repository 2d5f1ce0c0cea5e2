import { chmodSync } from 'node:fs';
import { basename } from 'node:path';
import { startSimulator, type Simulator } from '../../../simulator/simulator.js';
import { eventually } from '../../support/eventually.js';
import { freePort } from '../../support/free-port.js';
import { CHANNEL, SlackChannel } from '../../support/slack-channel.js';
import { TempFolder } from '../../support/temp-folder.js';
import { DEBIAN_TIMEOUT_MS } from './debian-root.js';
import { DebianHost } from './debian-host.js';
import { expectHealth, installEnvironment, sendAlert, SETTINGS, STORE, unitSays } from './installed-service.js';
import type { Outcome } from './outcome.js';
import { nameOf, otherRelease, PACK_TIMEOUT_MS, packedRelease, unpack } from './packed-release.js';

/** Copies of 250 MB, and starts of the service, on a busy machine. */
const STEP_TIMEOUT_MS = 300_000;
const DIES = 'process.stderr.write("out of order\\n");\nprocess.exit(1);\n';
const DIES_LATER = `if (!process.argv.includes('--check')) {\n${DIES}}\n`;
const NEVER_LISTENS = `if (!process.argv.includes('--check')) setInterval(() => undefined, 1_000);\n`;
/** All that an installation may leave its mark on. */
const LIST =
  'find / -xdev \\( -path /proc -o -path /var/log -o -path /var/lib/systemd -o -path /tmp -o -path /var/tmp -o -path /old-root \\) -prune -o -print | sort';

describe('install.sh on a Debian with systemd', () => {
  let shared: TempFolder;
  let simulator: Simulator;
  let channel: SlackChannel;
  let host: DebianHost;
  let port: number;
  let settings: Record<string, string>;
  let release: string;
  let before: string;

  const install = (folder: string, args: readonly string[], env = {}, input?: string): Promise<Outcome> =>
    host.run([`/mnt/${basename(folder)}/install.sh`, ...args], { env, ...(input === undefined ? {} : { input }) });

  const expectDone = async (outcome: Promise<Outcome>): Promise<string> => {
    const { code, text } = await outcome;
    for (const token of [simulator.botToken, simulator.appToken]) expect(text).not.toContain(token);
    if (code !== 0) throw new Error(`install.sh ended with ${String(code)}:\n${text}`);
    return text;
  };

  beforeAll(async () => {
    shared = new TempFolder();
    chmodSync(shared.path, 0o755);
    release = await unpack(await packedRelease(), shared.path);
    simulator = await startSimulator({ pace: 'off' });
    channel = new SlackChannel(simulator);
    port = await freePort();
    settings = installEnvironment(simulator, port);
    host = await DebianHost.boot(shared.path);
    before = await host.sh(LIST);
  }, DEBIAN_TIMEOUT_MS + PACK_TIMEOUT_MS);
  afterAll(async () => {
    await host.shutDown();
    await simulator.close();
    shared.remove();
  }, STEP_TIMEOUT_MS);

  it('says what is missing, and changes nothing', async () => {
    const { code, text } = await install(release, ['--unattended']);
    expect(code).toBe(1);
    expect(text).toContain('not set: SLACK_BOT_TOKEN SLACK_CHANNEL');
    expect(await host.sh(LIST)).toBe(before);
  });

  it.each([
    [['--bot-token', 'x'], {}, 'unknown: --bot-token'],
    [['--channel', 'xoxb-1-secret'], {}, 'a token on the command line can be read by every user'],
    [['--upgrade'], {}, 'there is nothing to upgrade'],
    [['--uninstall'], {}, 'it is not installed here'],
    [['--unattended'], { SLACK_BOT_TOKEN: 'xapp-wrong' }, 'SLACK_BOT_TOKEN: expected a Slack bot token, xoxb-…'],
    [['--unattended'], { SLACK_CHANNEL: '#alerts' }, "SLACK_CHANNEL: expected a channel's id such as C0123456789"],
    [['--unattended', '--port', '70000'], { BIND_PORT: '' }, 'BIND_PORT: expected a port, 0 to 65535'],
    [['--unattended'], { THREAD_STORE_FILE: '/srv/threads.json' }, 'may write below /var/lib/alert-threader alone'],
    [['--unattended'], { BIND_PORT: 'TAKEN' }, 'another process listens there'],
  ])(
    'refuses %j with %j',
    async (args, wrong, why) => {
      const env: Record<string, string> = { ...settings, ...wrong };
      if (env['BIND_PORT'] === 'TAKEN') env['BIND_PORT'] = new URL(simulator.url).port;
      const { code, text } = await install(release, args, env);
      expect(text).toContain(why);
      expect(text).not.toMatch(/xapp-wrong|1-secret/);
      expect(code).toBe(1);
      const files = 'find /opt/alert-threader /etc/alert-threader -not -type d 2>/dev/null || true';
      expect(await host.sh(files)).toBe('');
      expect(await host.sh('ls /etc/systemd/system')).not.toContain('alert-threader');
    },
    STEP_TIMEOUT_MS,
  );

  it(
    'asks what it has to know, takes over an earlier version, and says what to do next',
    async () => {
      const ts = await postAsBot('A thread of the earlier version');
      const old = JSON.stringify({ 'DiskFull|critical|database|production|production': ts });
      await host.sh(`mkdir -p /var/lib/alert-threader && cat > ${STORE} && chown www-data:www-data ${STORE}`, {
        input: old,
      });
      const answers = ['', 'hello', simulator.botToken, simulator.appToken, '#alerts', CHANNEL, '', '127.0.0.1'];
      const env = { SLACK_API_URL: simulator.apiUrl };
      const text = await expectDone(install(release, ['--port', String(port)], env, `${answers.join('\n')}\n`));
      expect(text).toContain('That is not a bot token: it begins with xoxb-');
      expect(text).toContain("That is not a channel's id such as C0123456789");
      expect(text).toContain('state of an earlier version belongs to alert-threader now');
      expect(text).toMatch(/Release .* runs: healthy/);

      await sendAlert(port, 'firing', 'DiskFull');
      await channel.wait('a reply in the earlier thread', () => channel.replies(ts).length > 0);
      await sendAlert(port, 'firing', 'NewProblem');
      await channel.expectThread('🚨 NewProblem happened');
    },
    STEP_TIMEOUT_MS,
  );

  it(
    'gives the service no more rights than it needs',
    async () => {
      const owner = '%U:%G %a';
      expect(
        await host.sh(`stat -c '${owner}' ${SETTINGS} ${STORE} /var/lib/alert-threader /opt/alert-threader/current/`),
      ).toBe(
        [
          'root:alert-threader 640',
          'alert-threader:alert-threader 640',
          'alert-threader:alert-threader 750',
          'root:root 755',
        ].join('\n'),
      );
      const pid = await unitSays(host, 'MainPID');
      expect(await host.sh(`ps -o user= -p ${pid}`)).toMatch(/^alert-t/);
      const status = await host.sh(`cat /proc/${pid}/status`);
      expect(status).toMatch(/CapEff:\s+0{16}\n/);
      expect(status).toMatch(/NoNewPrivs:\s+1\n/);
      expect(status).toMatch(/Seccomp:\s+2\n/);
      const seen = `nsenter -t ${pid} -m -- sh -c`;
      expect(
        await host.sh(`${seen} 'touch /var/lib/alert-threader/x && rm /var/lib/alert-threader/x && echo writable'`),
      ).toBe('writable');
      for (const path of ['/opt/alert-threader', '/etc', '/usr', '/srv']) {
        expect((await host.run(['nsenter', '-t', pid, '-m', '--', 'touch', `${path}/x`])).text).toContain(
          'Read-only file system',
        );
      }
      const properties = await host.sh('systemctl show alert-threader');
      for (const token of [simulator.botToken, simulator.appToken]) expect(properties).not.toContain(token);
    },
    STEP_TIMEOUT_MS,
  );

  it(
    'changes nothing when it runs again',
    async () => {
      const state =
        'find /opt /etc /var/lib/alert-threader -xdev ! -name "threads.json*" -printf "%p %i %m %U %G %T@ %l\\n"; id alert-threader';
      const [was, pid] = [await host.sh(state), await unitSays(host, 'MainPID')];
      for (const args of [[], ['--unattended'], ['--upgrade']]) {
        expect(await expectDone(install(release, args))).toMatch(/is installed and runs: nothing was changed/);
      }
      expect(await host.sh(state)).toBe(was);
      expect(await unitSays(host, 'MainPID')).toBe(pid);
    },
    STEP_TIMEOUT_MS,
  );

  it(
    'upgrades, and threads go on',
    async () => {
      const newer = await otherRelease(release, 'newer');
      await sendAlert(port, 'firing', 'AcrossUpgrade');
      const thread = await channel.expectThread('🚨 AcrossUpgrade happened');
      const text = await expectDone(install(newer, ['--upgrade']));
      expect(text).toContain(`Release ${await nameOf(newer)} runs: healthy`);
      expect(await host.sh('basename $(readlink /opt/alert-threader/current)')).toBe(await nameOf(newer));
      expect(await host.sh('basename $(readlink /opt/alert-threader/previous)')).toBe(await nameOf(release));
      const back = await expectDone(host.run(['/opt/alert-threader/previous/install.sh', '--upgrade']));
      expect(back).toContain(`Release ${await nameOf(release)} runs: healthy`);
      await expectDone(install(newer, ['--upgrade']));
      await sendAlert(port, 'resolved', 'AcrossUpgrade');
      await thread.expectReply('RESOLVED');
    },
    STEP_TIMEOUT_MS,
  );

  it(
    'goes back to the former release when the new one does not start',
    async () => {
      const current = await nameOf(`${release}-newer`);
      const dead = await install(await otherRelease(release, 'dead', DIES), ['--upgrade']);
      expect(dead.code).toBe(1);
      expect(dead.text).toMatch(/out of order\n.*does not start here .*\n {2}Nothing was changed/);

      const { code, text } = await install(await otherRelease(release, 'broken', DIES_LATER), ['--upgrade']);
      expect(code).toBe(1);
      expect(text).toContain('out of order');
      expect(text).toContain(`Release ${current} runs again, with its state as it is`);
      expect(await host.sh('basename $(readlink /opt/alert-threader/current)')).toBe(current);
      await expectHealth(port, 'healthy');
      expect(await host.sh('ls -A /opt/alert-threader/releases')).not.toMatch(/broken|dead|new\./);
      await sendAlert(port, 'firing', 'AfterGoingBack');
      await channel.expectThread('🚨 AfterGoingBack happened');
    },
    STEP_TIMEOUT_MS,
  );

  describe('cut off', () => {
    const OPT = '/opt/alert-threader';
    const behind = (link: string): Promise<string> => host.sh(`readlink ${OPT}/${link} | xargs -r basename`);
    const releases = async (): Promise<string[]> => (await host.sh(`ls -A ${OPT}/releases`)).split('\n');
    const running = async (): Promise<string> =>
      host.sh(`basename $(readlink /proc/${await unitSays(host, 'MainPID')}/cwd)`);

    /** An upgrade to a release that never takes alerts, in the time in which the installer waits that it does. */
    const waitingForEver = async (name: string): Promise<{ name: string; outcome: Promise<Outcome> }> => {
      const folder = await otherRelease(release, name, NEVER_LISTENS);
      const its = await nameOf(folder);
      let ended = '';
      const outcome = install(folder, ['--upgrade']);
      void outcome.then(({ text }) => (ended = text));
      const runs = async (): Promise<boolean> => ended !== '' || (await running()) === its;
      await eventually(`${its} to run`, runs, { timeoutMs: STEP_TIMEOUT_MS });
      if (ended !== '') throw new Error(`it ended before its time:\n${ended}`);
      return { name: its, outcome };
    };
    const signal = (name: string): Promise<string> => host.sh(`pkill -${name} -f '^bash .*/install.sh --upgrade$'`);

    it.each(['INT', 'HUP'])(
      'by SIG%s, it goes back to the release that worked',
      async (name) => {
        const [was, before] = [await behind('current'), await behind('previous')];
        const { outcome } = await waitingForEver(`ended-${name}`);
        expect((await install(release, ['--upgrade'])).text).toContain('another install.sh is running');
        await signal(name);
        const { code, text } = await outcome;
        expect(text).toContain(`interrupted: release ${was} runs again`);
        expect(code).toBe(130);
        expect([await behind('current'), await behind('previous'), await running()]).toEqual([was, before, was]);
        expect((await releases()).sort()).toEqual([was, before].filter((it) => it !== '').sort());
        await expectHealth(port, 'healthy');
      },
      STEP_TIMEOUT_MS,
    );

    it(
      'without a word to it, it knows afterwards which release worked, and keeps that one',
      async () => {
        const was = await behind('current');
        const { name, outcome } = await waitingForEver('killed');
        await signal('KILL');
        await outcome;
        expect([await behind('current'), await behind('previous')]).toEqual([name, was]);

        const newer = await otherRelease(release, 'after-killed');
        // what the killed one had started may hold the lock for a moment
        const text = await eventually(
          'an upgrade',
          async () => {
            const { code, text: said } = await install(newer, ['--upgrade']);
            return !said.includes('another install.sh is running') && `${String(code)} ${said}`;
          },
          { timeoutMs: STEP_TIMEOUT_MS },
        );
        expect(text).toMatch(/^0 /);
        expect(text).toContain(`Release ${await nameOf(newer)} runs: healthy`);
        expect([await behind('current'), await behind('previous')]).toEqual([await nameOf(newer), was]);
        expect((await releases()).sort()).toEqual([await nameOf(newer), was].sort());
        expect(await host.sh(`ls ${OPT}`)).toBe('current\nprevious\nreleases');
      },
      STEP_TIMEOUT_MS,
    );

    it(
      'with --no-start, it does not take the release before for the new one, and starts that the next time',
      async () => {
        const was = await behind('current');
        const newer = await otherRelease(release, 'not-started');
        expect(await expectDone(install(newer, ['--upgrade', '--no-start']))).toContain('Nothing was started');
        expect([await behind('current'), await running()]).toEqual([await nameOf(newer), was]);
        expect(await expectDone(install(newer, ['--upgrade']))).toContain(
          `Release ${await nameOf(newer)} runs: healthy`,
        );
        expect([await running(), await behind('previous')]).toEqual([await nameOf(newer), was]);
      },
      STEP_TIMEOUT_MS,
    );

    it(
      'before the restart, it brings settings that were written in force the next time',
      async () => {
        const pid = await unitSays(host, 'MainPID');
        // what an installer leaves that ends between the two: the file is newer than the process
        await host.sh(`touch ${SETTINGS}`);
        const folder = `${release}-not-started`;
        expect(await expectDone(install(folder, ['--upgrade']))).not.toContain('nothing was changed');
        expect(await unitSays(host, 'MainPID')).not.toBe(pid);
        expect(await expectDone(install(folder, ['--upgrade']))).toContain('nothing was changed');
      },
      STEP_TIMEOUT_MS,
    );
  });

  it(
    'starts it again after a crash, and not after wrong settings',
    async () => {
      const pid = await unitSays(host, 'MainPID');
      await host.sh(`kill -9 ${pid}`);
      await eventually('another process', async () => !['0', pid].includes(await unitSays(host, 'MainPID')));
      await expectHealth(port, 'healthy');

      await host.sh(
        `sed -i 's/^SLACK_CHANNEL=.*/SLACK_CHANNEL=#alerts/' ${SETTINGS} && systemctl restart alert-threader`,
      );
      await eventually('a failed unit', async () => (await unitSays(host, 'ActiveState')) === 'failed');
      expect(await unitSays(host, 'ExecMainStatus')).toBe('78');
      const log = await host.sh('journalctl -u alert-threader -n 5 -o cat --no-pager');
      expect(log).toContain("SLACK_CHANNEL: expected a channel's id such as C0123456789");
      await host.sh(
        `sed -i 's/^SLACK_CHANNEL=.*/SLACK_CHANNEL=${CHANNEL}/' ${SETTINGS} && systemctl restart alert-threader`,
      );
      await expectHealth(port, 'healthy');
    },
    STEP_TIMEOUT_MS,
  );

  it(
    'gets its state back from a copy that was made while it ran',
    async () => {
      await sendAlert(port, 'firing', 'InTheBackup');
      const thread = await channel.expectThread('🚨 InTheBackup happened');
      // the line that the manual puts into /etc/crontab, as cron runs it
      await host.sh(`mkdir -p /backup && cp ${STORE} /backup/threads-$(date +%Y%m%d).json`);
      await host.sh(`systemctl stop alert-threader && rm ${STORE}*`);
      await host.sh(`install -o alert-threader -g alert-threader -m 0640 /backup/threads-*.json ${STORE}`);
      await host.sh('systemctl start alert-threader');
      await expectHealth(port, 'healthy');
      await sendAlert(port, 'resolved', 'InTheBackup');
      await thread.expectReply('RESOLVED');
      await host.sh('rm -r /backup');
    },
    STEP_TIMEOUT_MS,
  );

  it(
    'goes, and leaves settings and state',
    async () => {
      // by the copy of itself that is installed
      const text = await expectDone(host.run(['/opt/alert-threader/current/install.sh', '--uninstall']));
      expect(text).toContain('Kept: settings in /etc/alert-threader, state in /var/lib/alert-threader');
      await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
      expect(await host.sh('ls /opt /etc/systemd/system')).not.toContain('alert-threader');
      expect(await host.sh(`ls ${SETTINGS} ${STORE}`)).toBe(`${SETTINGS}\n${STORE}`);
    },
    STEP_TIMEOUT_MS,
  );

  it(
    'comes back to what it left, and goes without a trace',
    async () => {
      await expectDone(install(release, ['--unattended']));
      await expectHealth(port, 'healthy');
      const refused = await install(release, ['--uninstall', '--purge'], {}, 'n\n');
      expect(refused.text).toContain('nothing was removed');
      await expectHealth(port, 'healthy');
      await expectDone(install(release, ['--uninstall', '--purge', '--unattended']));
      const traces = (await host.sh(LIST)).split('\n').filter((path) => !before.split('\n').includes(path));
      expect(traces).toEqual([]);
      expect((await host.run(['id', 'alert-threader'])).code).toBe(1);
    },
    STEP_TIMEOUT_MS,
  );

  async function postAsBot(text: string): Promise<string> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${simulator.botToken}` };
    const body = JSON.stringify({ channel: CHANNEL, text });
    const answer = await fetch(new URL('chat.postMessage', simulator.apiUrl), { method: 'POST', headers, body });
    return ((await answer.json()) as { ts: string }).ts;
  }
});
