import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.js';
import { TempFolder } from '../../support/temp-folder.js';
import { debianRoot, ownCgroup } from './debian-root.js';
import { outcomeOf, type Outcome } from './outcome.js';

const BOOTED_WITHIN_MS = 60_000;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const NAMESPACES = ['--mount', '--uts', '--ipc', '--pid', '--cgroup'];

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Its standard input; none: /dev/null. */
  readonly input?: string;
}

/** A Debian with a real systemd as process 1, on this machine's network. What is written there is gone afterwards. */
export class DebianHost {
  private constructor(
    private readonly child: ChildProcess,
    private readonly init: number,
    private readonly folder: TempFolder,
    private readonly removeCgroup: () => Promise<void>,
  ) {}

  /** @param shared a folder of the test, which the host has at /mnt */
  static async boot(shared: string): Promise<DebianHost> {
    const lower = await debianRoot();
    const folder = new TempFolder();
    const [upper, work, root] = ['upper', 'work', 'root'].map((name) => folder.file(name)) as [string, string, string];
    for (const path of [upper, work, root]) await mkdir(path);
    const cgroup = await ownCgroup();
    const overlay = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
    const script = [
      'echo $$ > "$1/cgroup.procs"',
      `exec unshare ${NAMESPACES.join(' ')} --fork --kill-child sh -c 'mount -t overlay -o "$1" overlay "$2" && exec bash "$0" "$2" "$3"' "$2" "$3" "$4" "$5"`,
    ].join(' && ');
    const args = ['-c', script, 'boot', cgroup.path, join(__dirname, 'boot.sh'), overlay, root, shared];
    const child = spawn('bash', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4_000)));
    }
    const init = await eventually('process 1 of the Debian', () => childOf(child.pid ?? 0), { instead: () => said });
    const host = new DebianHost(child, init, folder, cgroup.remove);
    await eventually('its systemd to be up', () => host.isUp(), {
      timeoutMs: BOOTED_WITHIN_MS,
      instead: () => said,
    });
    return host;
  }

  /** Runs a program there as root, and resolves with how it ended. */
  run(command: readonly string[], { env = {}, input }: CommandOptions = {}): Promise<Outcome> {
    const args = ['-t', String(this.init), '-m', '-p', '-u', '-i', '-C', '-r', '-w', ...command];
    const child = spawn('nsenter', args, { env: { PATH, HOME: '/root', ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => undefined); // it may end without reading
    child.stdin.end(input ?? '');
    return outcomeOf(child);
  }

  /** Runs a piece of shell there and resolves with what it printed; rejects when it fails. */
  async sh(script: string, options: CommandOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(['bash', '-ec', script], options);
    if (code !== 0) throw new Error(`${script}\nended with ${String(code)}:\n${stdout}${stderr}`);
    return stdout.trimEnd();
  }

  /** Ends everything that runs there, and forgets what was written. */
  async shutDown(): Promise<void> {
    const closed = new Promise((resolve) => this.child.once('close', resolve));
    process.kill(this.init, 'SIGKILL'); // process 1 takes all others of its namespace along
    await closed;
    await eventually('its processes to be gone', async () => {
      await this.removeCgroup();
      return true;
    });
    this.folder.remove();
  }

  private async isUp(): Promise<boolean> {
    const { stdout } = await this.run(['systemctl', 'is-system-running']);
    return ['running', 'degraded'].includes(stdout.trim());
  }
}

/** `unshare --fork` has one child, which becomes process 1. */
function childOf(pid: number): number | undefined {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? undefined : Number(text.split(' ')[0]);
}
