import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { dump } from 'js-yaml';
import { ensureDebianPackage } from '../support/debian-package.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { TempFolder } from '../support/temp-folder.js';
import { RULES } from './promtool.js';

export const JOB = 'threader';
const SCRAPE_EVERY = '500ms';
/** Minutes become seconds. */
const FASTER = 60;

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  /** Unix time, and the value as text. */
  readonly value: readonly [number, string];
}

/** The rules with a minute of theirs in a second, so that a test can wait for them; a day stays one. */
const fasterRules = (): string =>
  readFileSync(RULES, 'utf8').replace(
    /(\bfor: |\[)(\d+)m\b/g,
    (_, before: string, minutes: string) => `${before}${(Number(minutes) * 60_000) / FASTER}ms`,
  );

/** A real Prometheus on a free port of 127.0.0.1 that scrapes services and evaluates the rules, faster. */
export class Prometheus {
  private output = '';
  private ended = false;

  private constructor(
    private readonly child: ChildProcessByStdio<null, Readable, Readable>,
    private readonly folder: TempFolder,
    private readonly url: string,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    child.once('close', () => (this.ended = true));
  }

  /** @param targets base addresses of services */
  static async start(targets: readonly string[]): Promise<Prometheus> {
    const program = await ensureDebianPackage('prometheus', ['prometheus']);
    const folder = new TempFolder();
    const config = folder.file('prometheus.yml');
    const rules = folder.file('rules.yaml');
    writeFileSync(rules, fasterRules());
    writeFileSync(
      config,
      dump({
        global: { scrape_interval: SCRAPE_EVERY, scrape_timeout: SCRAPE_EVERY, evaluation_interval: SCRAPE_EVERY },
        rule_files: [rules],
        scrape_configs: [{ job_name: JOB, static_configs: [{ targets: targets.map((url) => new URL(url).host) }] }],
      }),
    );
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(
      program,
      [`--config.file=${config}`, `--storage.tsdb.path=${folder.file('data')}`, `--web.listen-address=${address}`],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const prometheus = new Prometheus(child, folder, `http://${address}`);
    try {
      await prometheus.until('Prometheus to be ready', async () => (await fetch(`http://${address}/-/ready`)).ok);
    } catch (error) {
      await prometheus.stop();
      throw error;
    }
    return prometheus;
  }

  /** What an expression says now. Rejects where Prometheus does not understand it. */
  async query(expr: string): Promise<Sample[]> {
    const answer = await fetch(`${this.url}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({ query: expr }),
    });
    const { status, error, data } = (await answer.json()) as {
      status: string;
      error?: string;
      data: { result: Sample[] };
    };
    if (status !== 'success') throw new Error(`Prometheus on ${expr}: ${error ?? ''}`);
    return data.result;
  }

  /** Names of the alerts that fire now, in order. */
  async firing(): Promise<string[]> {
    const samples = await this.query('count by (alertname) (ALERTS{alertstate="firing"})');
    return samples.map(({ metric }) => metric['alertname'] ?? '').sort();
  }

  async untilFiring(...alerts: string[]): Promise<void> {
    await this.until(`${alerts.join(', ')} to fire`, async () => {
      const firing = await this.firing();
      return alerts.every((alert) => firing.includes(alert));
    });
  }

  async untilOver(alert: string): Promise<void> {
    await this.until(`${alert} to be over`, async () => !(await this.firing()).includes(alert));
  }

  async until(what: string, probe: () => Promise<boolean>): Promise<void> {
    await eventually(what, probe, { timeoutMs: 90_000, instead: () => this.output.slice(-3_000) });
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await eventually('Prometheus to end', () => this.ended, { instead: () => this.output.slice(-3_000) });
    this.folder.remove();
  }
}
