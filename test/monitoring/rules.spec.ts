import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { INSTALL_TIMEOUT_MS } from '../support/debian-package.js';
import { TempFolder } from '../support/temp-folder.js';
import { documentedMetrics, metricsIn } from './metric-names.js';
import { ensurePromtool, promtool, RULES, RULE_TESTS } from './promtool.js';
import { allRules, readRuleTests, testsOf, type Rule } from './rule-file.js';

const ROOT = join(__dirname, '../..');
const ALERTS = allRules().map((rule) => [rule.alert, rule] as const);

/** What a careless change makes of an alert, each of which its unit tests have to see. */
const MUTANTS: Readonly<Record<string, Partial<Rule>>> = {
  'never fires': { expr: 'vector(0) > 1' },
  'always fires': { expr: 'vector(1)' },
  'does not wait': { for: '0s' },
  'waits for ever': { for: '365d' },
};

describe('the alerts about the service itself', () => {
  let folder: TempFolder;

  beforeAll(ensurePromtool, INSTALL_TIMEOUT_MS);
  beforeEach(() => {
    folder = new TempFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  const write = (name: string, content: unknown): string => {
    const file = folder.file(name);
    writeFileSync(file, dump(content));
    return file;
  };

  it('are rules that Prometheus takes', async () => {
    expect(await promtool('check', 'rules', RULES)).toMatchObject({ ok: true });
    const broken = folder.file('broken.yaml');
    writeFileSync(broken, readFileSync(RULES, 'utf8').replace('deriv(', 'derive('));
    expect(await promtool('check', 'rules', broken)).toMatchObject({ ok: false });
  });

  it('fire where they should and not where they should not', async () => {
    expect(await promtool('test', 'rules', RULE_TESTS)).toEqual({ ok: true, output: expect.any(String) as string });
  });

  it.each(ALERTS)(
    '%s has a unit test of both, which sees careless changes',
    async (alert, rule) => {
      const asked = readRuleTests().tests.flatMap(({ alert_rule_test: tests = [] }) => tests);
      const own = asked.filter(({ alertname }) => alertname === alert);
      expect(own.filter(({ exp_alerts }) => exp_alerts.length > 0)).not.toHaveLength(0);
      expect(own.filter(({ exp_alerts }) => exp_alerts.length === 0)).not.toHaveLength(0);

      const verdict = async (rules: readonly Rule[]) => {
        write('rules.yaml', { groups: [{ name: 'one', rules }] });
        return promtool('test', 'rules', write('tests.yaml', testsOf(alert, 'rules.yaml')));
      };
      expect(await verdict([rule])).toMatchObject({ ok: true });
      for (const [name, change] of Object.entries(MUTANTS)) {
        const { ok, output } = await verdict([{ ...rule, ...change }]);
        expect([name, ok, output.includes(alert)]).toEqual([name, false, true]);
      }
    },
    120_000,
  );

  it.each(ALERTS)('%s says how bad it is, what it means and where to read on', (_, rule) => {
    expect(rule.labels['severity']).toMatch(/^(critical|warning)$/);
    expect(rule.labels['service']).toBe('alert-threader');
    expect(rule.annotations['summary']).toMatch(/\S{3}/);
    expect(rule.annotations['description']).toMatch(/\.$/);
    const [file = '', anchor = ''] = rule.annotations['runbook']?.split('#') ?? [];
    expect(existsSync(join(ROOT, file))).toBe(true);
    expect(anchorsOf(readFileSync(join(ROOT, file), 'utf8'))).toContain(anchor);
  });

  it('ask for metrics that there are, of any job', () => {
    const known = documentedMetrics().map(({ name }) => name);
    expect(known).not.toHaveLength(0);
    for (const { expr } of allRules()) {
      const used = metricsIn(expr);
      expect(used).not.toHaveLength(0);
      expect(known).toEqual(expect.arrayContaining(used));
      expect(expr).not.toMatch(/\bjob *[=!]/);
    }
  });
});

/** Anchors of a Markdown file's headings, as GitHub makes them. */
const anchorsOf = (markdown: string): string[] =>
  [...markdown.matchAll(/^#+ +(.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
