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
  /** Where mail goes, without TLS. */
  readonly smarthost?: string;
}

/** Who it lets in; the hash is bcrypt's, of the password. */
export interface AlertmanagerLogin {
  readonly username: string;
  readonly password: string;
  readonly hash: string;
}

/** Where the programs of a version are. */
export interface AlertmanagerPrograms {
  readonly alertmanager: string;
  readonly amtool: string;
}

export interface AlertmanagerOptions {
  /** Wanted of every request; without it anybody may do anything. */
  readonly login?: AlertmanagerLogin;
  /** By default Debian's. */
  readonly programs?: AlertmanagerPrograms;
  /** WEBHOOK_TOKEN: what is commented out about it in the example is in force. */
  readonly webhookToken?: string;
}

export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt?: string;
  readonly endsAt?: string;
}

/** Installs Debian's Alertmanager where it is missing. */
export const ensureAlertmanager = async (): Promise<AlertmanagerPrograms> => ({
  alertmanager: await ensureDebianPackage('prometheus-alertmanager', PACKAGE),
  amtool: await ensureDebianPackage('amtool', PACKAGE),
});

/** What amtool answers; throws where it finds fault. */
export const amtool = ({ amtool: program }: AlertmanagerPrograms, ...args: string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' });

/** The example with what it has commented out for WEBHOOK_TOKEN, and the token's file in its place. */
export const withAuthorization = (example: string, tokenFile: string): string => {
  const commented =
    /^( *)# (http_config:)\n\1# (  authorization:)\n\1# (    type: Bearer)\n\1# (    credentials_file: ).+$/m;
  if (!commented.test(example)) throw new Error(`${EXAMPLE} has no http_config for a token, commented out`);
  return example.replace(commented, `$1$2\n$1$3\n$1$4\n$1$5${tokenFile}`);
};

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

const running = new Set<Alertmanager>();

/** For `afterEach`: ends what a test left running, however it went. */
export const endAlertmanagers = async (): Promise<void> => {
  for (const alertmanager of [...running]) await alertmanager.stop();
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

  static async start(
    settings: AlertmanagerSettings,
    { login, programs, webhookToken }: AlertmanagerOptions = {},
  ): Promise<Alertmanager> {
    const { alertmanager: program } = programs ?? (await ensureAlertmanager());
    const folder = new TempFolder();
    const config = folder.file('alertmanager.yml');
    const tokenFile = folder.file('token');
    if (webhookToken !== undefined) writeFileSync(tokenFile, webhookToken);
    const text = adapted(settings);
    writeFileSync(config, webhookToken === undefined ? text : withAuthorization(text, tokenFile));
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
    running.add(alertmanager);
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
    // newer versions have labels beside, and so several lines
    const value = (name: string): number =>
      [...metrics.matchAll(new RegExp(`^${name}\\{[^}]*integration="webhook"[^}]*\\} (\\S+)$`, 'gm'))]
        .map(([, count]) => Number(count))
        .reduce((sum, count) => sum + count, 0);
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
    await eventually(what, probe, { instead: () => this.output.slice(-3_000) });
  }

  async stop(): Promise<void> {
    running.delete(this);
    this.child.kill('SIGTERM');
    await eventually('Alertmanager to end', () => this.ended, { instead: () => this.output.slice(-3_000) });
    this.folder.remove();
  }
}
