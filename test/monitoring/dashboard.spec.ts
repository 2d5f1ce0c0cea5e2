import { writeFileSync } from 'node:fs';
import { dump } from 'js-yaml';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { INSTALL_TIMEOUT_MS } from '../support/debian-package.js';
import { TempFolder } from '../support/temp-folder.js';
import { allQueries, asked, readDashboard, type Panel } from './dashboard-file.js';
import { documentedMetrics, metricsIn } from './metric-names.js';
import { ensurePromtool, promtool } from './promtool.js';

const COLUMNS = 24;
/** With it one deployment, or one replica, can be looked at. */
const CHOSEN = '{namespace=~"$namespace", job=~"$job", instance=~"$instance"';

describe('the Grafana dashboard', () => {
  const dashboard = readDashboard();
  const rows = dashboard.panels.filter(({ type }) => type === 'row');
  const panels = dashboard.panels.filter(({ type }) => type !== 'row');

  beforeAll(ensurePromtool, INSTALL_TIMEOUT_MS);

  it('has the numbers for the night on top, then rows', () => {
    expect(panels.filter(({ gridPos }) => gridPos.y === 0).map(({ title }) => title)).toEqual([
      'Takes alerts',
      'Oldest waiting',
      'Backlog',
      'Slack calls that fail',
      'Buttons',
      'Firing now',
    ]);
    expect(rows.map(({ title }) => title)).toEqual([
      'Alerts and webhooks',
      'Incidents and people',
      'Delivery to Slack',
      'Socket Mode',
      'Store',
      'Process',
    ]);
  });

  it('lays no panel over another, and gives each an id of its own', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const taken = new Map<string, string>();
    for (const { title, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(COLUMNS);
      for (const cell of cellsOf(gridPos)) {
        expect([title, cell, taken.get(cell)]).toEqual([title, cell, undefined]);
        taken.set(cell, title);
      }
    }
  });

  it.each(panels.map((panel) => [panel.title, panel] as const))('%s is explained, and has a unit', (_, panel) => {
    expect(panel.description).toMatch(/[^]{40,}\.$/);
    expect(panel.fieldConfig?.defaults.unit).toMatch(/^\w+$/);
    expect(panel.datasource?.uid).toBe('${datasource}');
    expect(panel.targets).not.toHaveLength(0);
    const refs = panel.targets?.map(({ refId }) => refId);
    expect(new Set(refs).size).toBe(refs?.length);
  });

  it('asks what Prometheus understands', async () => {
    const folder = new TempFolder();
    try {
      const check = async (exprs: readonly string[]) => {
        const file = folder.file('queries.yaml');
        const rules = exprs.map((expr, at) => ({ record: `query:${at}`, expr: asked(expr) }));
        writeFileSync(file, dump({ groups: [{ name: 'queries', rules }] }));
        return promtool('check', 'rules', file);
      };
      const queries = allQueries().map(({ expr }) => expr);
      const { ok, output } = await check(queries);
      expect([ok, output]).toEqual([true, expect.stringContaining(`${queries.length} rules found`)]);
      expect(await check([...queries, 'sum by (channel (up)'])).toMatchObject({ ok: false });
    } finally {
      folder.remove();
    }
  });

  describe('when the store can not be read, or nothing is scraped', () => {
    /** What the store holds is absent then (docs/metrics.md); what the process counts is not. */
    const OF_THE_STORE = ['Oldest waiting', 'Backlog', 'Firing now'];
    const GREY = '#6E7681';
    const scraped = (name: string, labels: string, values: string) => ({
      series: `${name}{namespace="prod", job="threader", instance="a:9009"${labels}}`,
      values,
    });
    /** Quiet for ten minutes; then the store is away; from minute 20 nothing is scraped. */
    const SERIES = [
      scraped('alert_threader_build_info', '', '1x20 stale'),
      scraped('alert_threader_store_up', '', '1x9 0x10 stale'),
      scraped('alert_threader_incidents', ', status="firing", severity="critical"', '0x9 stale'),
      scraped('alert_threader_pending_threads', ', channel="C0123456789"', '0x9 stale'),
      scraped('alert_threader_oldest_pending_seconds', ', channel="C0123456789"', '0x9 stale'),
      scraped('alert_threader_slack_calls_total', ', method="chat.postMessage", outcome="ok"', '5x20 stale'),
    ];
    const query = (title: string): string => {
      const [found] = allQueries().filter(({ panel }) => panel === title);
      return asked(found?.expr ?? '');
    };

    it('says nothing, rather than that nothing waits and nothing fires', async () => {
      const folder = new TempFolder();
      try {
        const at = (eval_time: string, title: string, ...values: number[]) => ({
          expr: query(title),
          eval_time,
          exp_samples: values.map((value) => ({ labels: '{}', value })),
        });
        const figures = [
          ...OF_THE_STORE.flatMap((title) => [at('5m', title, 0), at('15m', title), at('25m', title)]),
          at('5m', 'Takes alerts', 2),
          at('15m', 'Takes alerts', 0),
          at('25m', 'Takes alerts', -1),
          at('5m', 'Slack calls that fail', 0),
          at('15m', 'Slack calls that fail', 0), // no calls, so none that failed
          at('25m', 'Slack calls that fail'),
        ];
        const file = folder.file('figures.test.yaml');
        const test = { interval: '1m', input_series: SERIES, promql_expr_test: figures };
        writeFileSync(file, dump({ rule_files: [], evaluation_interval: '1m', tests: [test] }));
        expect(await promtool('test', 'rules', file)).toEqual({ ok: true, output: expect.stringContaining('SUCCESS') });
      } finally {
        folder.remove();
      }
    });

    // Grafana gives the colour of the lowest threshold to what is not there: a green "no data" reads as "all is well"
    it.each(panels.filter(({ type }) => type === 'stat').map((panel) => [panel.title, panel] as const))(
      '%s has words and a colour for it that are not those of a figure',
      (title, { fieldConfig, targets = [] }) => {
        if (targets.some(({ expr }) => expr.endsWith('or vector(-1)'))) return; // it always has a figure
        const { mappings = [], thresholds } = fieldConfig?.defaults ?? {};
        const absent = mappings.find(({ type, options }) => type === 'special' && options['match'] === 'null');
        expect(absent?.options['result']).toMatchObject({ text: title === 'Buttons' ? 'off' : 'unknown', color: GREY });
        expect(thresholds?.steps.map(({ color }) => color)).not.toContain(GREY);
      },
    );
  });

  it('shows every metric of the service, and none that there is not', () => {
    const documented = documentedMetrics().map(({ name }) => name);
    const shown = allQueries().flatMap(({ expr }) => metricsIn(expr));
    expect([...new Set(shown)].sort()).toEqual([...documented].sort());

    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const ofProcess = registry.getMetricsAsArray().map(({ name }) => name);
    registry.clear();
    const others = allQueries().flatMap(({ expr }) => expr.match(/\b(?:process|nodejs)_\w+/g) ?? []);
    expect(others).not.toHaveLength(0);
    expect(ofProcess).toEqual(expect.arrayContaining(others));
  });

  it('heeds the chosen namespace, job and instance everywhere', () => {
    const names = dashboard.templating.list.map(({ name }) => name);
    expect(names).toEqual(['datasource', 'namespace', 'job', 'instance']);
    for (const { panel, expr } of allQueries()) {
      const unchosen = [...expr.matchAll(/\b(?:alert_threader|process|nodejs)_\w+/g)].filter(
        ({ 0: name, index }) => !expr.slice(index + name.length).startsWith(CHOSEN),
      );
      expect([panel, unchosen.map(([name]) => name)]).toEqual([panel, []]);
    }
    // what other programs export too is taken from ours alone
    for (const { panel, expr } of allQueries().filter((query) => /\b(?:process|nodejs)_/.test(query.expr))) {
      expect([panel, expr]).toEqual([
        panel,
        expect.stringContaining('and on (namespace, job, instance) alert_threader_build_info'),
      ]);
    }
  });

  it('names lines by labels that they have', () => {
    for (const { panel, expr, legend } of allQueries()) {
      const used = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label ?? '');
      const groups = [...expr.matchAll(/\bby \(([^)]*)\)/g)].map(([, labels = '']) => labels.split(/, */));
      // the outermost grouping is what is left; without one every label of the target is
      const left = groups[0] ?? ['instance', 'namespace', 'job'];
      expect([panel, left]).toEqual([panel, expect.arrayContaining(used)]);
    }
  });
});

const cellsOf = ({ x, y, w, h }: Panel['gridPos']): string[] =>
  Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`);
