import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ensureDebianPackage } from './debian-package.js';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';
import { TempFolder } from './temp-folder.js';

export const EXAMPLE = join(__dirname, '../../config/alertmanager.example.yml');

const PACKAGE = ['prometheus-alertmanager'];

/** What a test replaces in the example, by setting. */
export interface AlertmanagerSettings {
  readonly url: string;
  readonly group_wait: string;
  readonly group_interval: string;
  readonly repeat_interval: string;
}

/** Who it lets in; the hash is bcrypt's, of the password. */
export interface AlertmanagerLogin {
  readonly username: string;
  readonly password: string;
  readonly hash: string;
}

export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt?: string;
  readonly endsAt?: string;
}

/** Installs Debian's Alertmanager where it is missing. */
export const ensureAlertmanager = (): Promise<string> => ensureDebianPackage('prometheus-alertmanager', PACKAGE);

/** What amtool says about a file of settings; throws where it refuses it. */
export const checkConfig = (file: string): string =>
  execFileSync('/usr/bin/amtool', ['check-config', file], { encoding: 'utf8', stdio: 'pipe' });

/** The example with other values; each must be there once to be replaced. */
const adapted = (settings: AlertmanagerSettings): string => {
  let text = readFileSync(EXAMPLE, 'utf8');
  for (const [name, value] of Object.entries(settings)) {
    const line = new RegExp(`^([ -]*${name}: ).*$`, 'gm');
    const found = text.match(line)?.length ?? 0;
    if (found !== 1) throw new Error(`${EXAMPLE} has ${found} lines with ${name}, expected one`);
    text = text.replace(line, (_, before: string) => `${before}${value}`);
  }
  return text;
};

/** A real Alertmanager on a free port of 127.0.0.1, without a cluster. */
export class Alertmanager {
  private output = '';
  private ended = false;

  private constructor(
    private readonly child: ChildProcessByStdio<null, Readable, Readable>,
    private readonly folder: TempFolder,
    readonly url: string,
    private readonly login?: AlertmanagerLogin,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    child.once('close', () => (this.ended = true));
  }

  /** @param login wanted of every request; without it anybody may do anything */
  static async start(settings: AlertmanagerSettings, login?: AlertmanagerLogin): Promise<Alertmanager> {
    const program = await ensureAlertmanager();
    const folder = new TempFolder();
    const config = folder.file('alertmanager.yml');
    writeFileSync(config, adapted(settings));
    const web = folder.file('web.yml');
    writeFileSync(web, login === undefined ? '' : `basic_auth_users: {${login.username}: '${login.hash}'}\n`);
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(
      program,
      [
        `--config.file=${config}`,
        `--web.config.file=${web}`,
        `--storage.path=${folder.file('data')}`,
        `--web.listen-address=${address}`,
        '--cluster.listen-address=',
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const alertmanager = new Alertmanager(child, folder, `http://${address}`, login);
    await alertmanager.until('Alertmanager to be ready', async () => (await alertmanager.fetch('/-/ready')).ok);
    return alertmanager;
  }

  /** Alerts as a Prometheus would send them; one with an `endsAt` in the past resolves. */
  async post(...alerts: PostedAlert[]): Promise<void> {
    const answer = await this.fetch('/api/v2/alerts', { method: 'POST', body: JSON.stringify(alerts) });
    if (!answer.ok) throw new Error(`Alertmanager answered ${answer.status}: ${await answer.text()}`);
  }

  /** Webhooks sent so far, and how many of them failed. */
  async webhooks(): Promise<{ sent: number; failed: number }> {
    const metrics = await (await this.fetch('/metrics')).text();
    const value = (name: string): number =>
      Number(new RegExp(`^${name}\\{integration="webhook"\\} (\\S+)$`, 'm').exec(metrics)?.[1] ?? 0);
    return {
      sent: value('alertmanager_notifications_total'),
      failed: value('alertmanager_notifications_failed_total'),
    };
  }

  private fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers({ 'content-type': 'application/json' });
    if (this.login !== undefined) {
      const { username, password } = this.login;
      headers.set('authorization', `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);
    }
    return fetch(`${this.url}${path}`, { ...init, headers });
  }

  async until(what: string, probe: () => Promise<boolean>): Promise<void> {
    await eventually(what, probe, { timeoutMs: 20_000, instead: () => this.output.slice(-3_000) });
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await eventually('Alertmanager to end', () => this.ended, { instead: () => this.output.slice(-3_000) });
    this.folder.remove();
  }
}
