import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ensureDebianPackage } from '../support/debian-package.js';

const FILES = join(__dirname, '../../helm/alert-threader/files');
export const RULES = join(FILES, 'alert-threader.rules.yaml');
export const DASHBOARD = join(FILES, 'alert-threader.dashboard.json');
export const RULE_TESTS = join(__dirname, 'alert-threader.rules.test.yaml');

/** Installs Debian's Prometheus where it is missing. */
export const ensurePromtool = (): Promise<string> => ensureDebianPackage('promtool', ['prometheus']);

export interface Verdict {
  readonly ok: boolean;
  /** All that it printed. */
  readonly output: string;
}

/** What promtool says; it never rejects because promtool finds fault. */
export const promtool = (...args: string[]): Promise<Verdict> =>
  new Promise((resolve, reject) => {
    execFile('/usr/bin/promtool', args, { encoding: 'utf8', maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(new Error('promtool did not run', { cause: error }));
      else resolve({ ok: error === null, output: `${stdout}${stderr}` });
    });
  });
