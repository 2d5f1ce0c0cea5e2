import { writeFileSync } from 'node:fs';
import { dump, load } from 'js-yaml';
import { promtool, ensurePromtool, RULES } from '../../monitoring/promtool.js';
import { amtool, ensureAlertmanager, type AlertmanagerPrograms } from '../../support/alertmanager.js';
import { INSTALL_TIMEOUT_MS } from '../../support/debian-package.js';
import { TempFolder } from '../../support/temp-folder.js';
import { helm, KUBE_VERSION, type Values } from '../helm/chart.js';
import { ensureHelm } from '../helm/tools.js';
import { GO_INSTALL_TIMEOUT_MS } from '../support/go-tool.js';
import { DOCUMENTS } from './documents.js';
import { readMarkdown } from './markdown.js';

type Settings = Record<string, unknown>;

const BLOCKS = DOCUMENTS.flatMap((path) =>
  readMarkdown(path)
    .blocks.filter(({ language }) => /^ya?ml$/.test(language))
    .map(({ text, line }) => ({ place: `${path}:${String(line)}`, text, settings: load(text) as Settings })),
);
const KINDS = {
  alertmanager: ['route', 'receivers'],
  prometheus: ['scrape_configs', 'rule_files'],
  chart: ['secrets', 'serviceMonitor', 'config', 'threadStore', 'prometheusRule', 'networkPolicy'],
} as const;
const kindOf = (settings: Settings): keyof typeof KINDS | undefined =>
  (Object.keys(KINDS) as (keyof typeof KINDS)[]).find((kind) => KINDS[kind].some((key) => key in settings));
const of = (kind: keyof typeof KINDS) =>
  BLOCKS.filter(({ settings }) => kindOf(settings) === kind).map((block) => [block.place, block] as const);

describe('configurations in the documents', () => {
  const folder = new TempFolder();
  let programs: AlertmanagerPrograms;
  beforeAll(async () => {
    programs = await ensureAlertmanager();
    await ensurePromtool();
  }, INSTALL_TIMEOUT_MS);
  beforeAll(ensureHelm, GO_INSTALL_TIMEOUT_MS);
  afterAll(() => {
    folder.remove();
  });

  const file = (name: string, settings: Settings): string => {
    const path = folder.file(name);
    writeFileSync(path, dump(settings));
    return path;
  };

  it('are of a known kind', () => {
    expect(BLOCKS.filter(({ settings }) => kindOf(settings) === undefined).map(({ place }) => place)).toEqual([]);
    expect(BLOCKS.length).toBeGreaterThan(5);
  });

  it.each(of('alertmanager'))('%s is taken by Alertmanager', (_, { settings }) => {
    const [receiver] = settings['receivers'] as { name: string }[];
    const whole = { route: { receiver: receiver?.name }, ...settings };
    expect(amtool(programs, 'check-config', file('alertmanager.yml', whole))).toContain('SUCCESS');
  });

  it.each(of('prometheus'))('%s is taken by Prometheus', async (_, { settings }) => {
    const ours = 'rule_files' in settings ? { ...settings, rule_files: [RULES] } : settings;
    expect(await promtool('check', 'config', file('prometheus.yml', ours))).toMatchObject({ ok: true });
  });

  it.each(of('chart'))('%s is taken by the chart', async (_, { settings }) => {
    const given = JSON.parse(JSON.stringify(settings).replaceAll('…', '1-example')) as Values;
    const rendered = helm(['template', 'r'], 'minimal', { values: given, args: ['--kube-version', KUBE_VERSION] });
    expect(await rendered).toContain('kind: Deployment');
  });

  it('would not be with a fault', async () => {
    const wrong = { route: { receiver: 'nobody' }, receivers: [{ name: 'somebody' }] };
    expect(() => amtool(programs, 'check-config', file('alertmanager.yml', wrong))).toThrow('failed to validate');
    expect(await promtool('check', 'config', file('prometheus.yml', { scrape_config: [] }))).toMatchObject({
      ok: false,
    });
  });
});
