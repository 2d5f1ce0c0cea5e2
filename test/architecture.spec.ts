import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');
const SOURCES = ['src', 'test', 'simulator', 'package.json', 'tsconfig.json', '.dependency-cruiser.mjs'];

interface Cruise {
  summary: { totalCruised: number; violations: { from: string; to: string; rule: { name: string } }[] };
}

/** Checks a tree by the project's rules. @returns `rule: importer`, each once */
const violations = (root: string): string[] => {
  const depcruise = join(ROOT, 'node_modules/.bin/depcruise');
  const args = [depcruise, 'src', '--config', '.dependency-cruiser.mjs', '--output-type', 'json'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 1e9 });
  if (!stdout.startsWith('{')) throw new Error(`depcruise failed: ${stderr}${stdout}`);
  const { summary } = JSON.parse(stdout) as Cruise;
  expect(summary.totalCruised).toBeGreaterThan(50);
  return [...new Set(summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`))].sort();
};

/** A faulty file, and the rules that it breaks. */
const FAULTS: Record<string, { text: string; rules: string[] }> = {
  'src/alerts/fault-slack.ts': {
    text: "export type { SlackClient } from '../slack/slack-client.js';",
    rules: ['alerts-boundary'],
  },
  'src/alerts/fault-past-port.ts': {
    text: "export const store = () => import('../thread-store/file-thread-store.js');",
    rules: ['thread-store-port-only'],
  },
  'src/health/fault.module.ts': {
    text: "export { Outages } from '../delivery/outages.js';",
    rules: ['delivery-port-and-module-only'],
  },
  'src/domain/fault.ts': {
    text: "export { Injectable } from '@nestjs/common';",
    rules: ['domain-imports-nothing'],
  },
  'src/rendering/fault.ts': {
    text: "export { Config } from '../config/config.js';",
    rules: ['rendering-boundary'],
  },
  'src/config/fault-cycle.ts': { text: "export { b as a } from './fault-cycle-too.js';", rules: [] },
  'src/config/fault-cycle-too.ts': { text: "export { a as b } from './fault-cycle.js';", rules: ['no-cycle'] },
  'src/http/fault-package.ts': { text: "export { default } from 'fast-check';", rules: ['no-unlisted-package'] },
  'src/http/fault-missing.ts': {
    text: "export * from './not-there.js';",
    rules: ['no-unresolved', 'no-unlisted-package'],
  },
  'src/elsewhere/fault.ts': { text: "export { severityOf } from '../domain/alert.js';", rules: ['unnamed-folder'] },
  'src/fault-assembly.ts': {
    text: "export { Outages } from './delivery/outages.js';",
    rules: ['assembly-takes-no-parts'],
  },
  'src/stats/fault-test.ts': {
    text: "export { ManualClock } from '../../test/support/manual-clock.js';",
    rules: ['src-stands-alone'],
  },
};

describe('import rules', () => {
  it('hold', () => {
    expect(violations(ROOT)).toEqual([]);
  });

  it('fail on each fault', () => {
    const copy = mkdtempSync(join(tmpdir(), 'architecture-'));
    try {
      for (const name of SOURCES) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
      for (const [file, { text }] of Object.entries(FAULTS)) {
        mkdirSync(dirname(join(copy, file)), { recursive: true });
        writeFileSync(join(copy, file), `${text}\n`);
      }
      const expected = Object.entries(FAULTS).flatMap(([file, { rules }]) => rules.map((rule) => `${rule}: ${file}`));
      expect(violations(copy)).toEqual(expected.sort());
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });
});
