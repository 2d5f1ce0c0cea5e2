import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { readMarkdown, ROOT, type MarkdownFile } from './markdown.js';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const OPERATIONS = readMarkdown('docs/operations.md');
const SOURCES = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
  .map((path) => read(`src/${path}`))
  .join('\n');

interface Rule {
  readonly alert: string;
  readonly annotations: { readonly runbook: string };
}
const { groups } = load(read('helm/alert-threader/files/alert-threader.rules.yaml')) as { groups: { rules: Rule[] }[] };
const RULES = groups.flatMap(({ rules }) => rules);

const spansOf = ({ spans }: MarkdownFile, pattern: RegExp): string[] => [
  ...new Set(spans.map(({ text }) => text).filter((text) => pattern.test(text))),
];

describe('what the documents quote', () => {
  it('alert rules lead to a section of docs/operations.md, which names them', () => {
    expect(RULES.length).toBeGreaterThan(10);
    const astray = RULES.filter(({ alert, annotations: { runbook } }) => {
      const [path, anchor = ''] = runbook.split('#');
      const { text = '' } = OPERATIONS.headings.find((heading) => heading.anchor === anchor) ?? {};
      const [, section = ''] = read('docs/operations.md').split(`### ${text}\n`);
      const [body = ''] = section.split('\n### ');
      return path !== 'docs/operations.md' || text === '' || !body.includes(`\`${alert}\``);
    });
    expect(astray.map(({ alert, annotations }) => `${alert} ${annotations.runbook}`)).toEqual([]);
  });

  it('alerts that docs/operations.md names are there', () => {
    const named = spansOf(OPERATIONS, /^AlertThreader\w+$/);
    expect(named.sort()).toEqual(RULES.map(({ alert }) => alert).sort());
  });

  it('metrics are those of docs/metrics.md', () => {
    const there = new Set(spansOf(readMarkdown('docs/metrics.md'), /^alert_threader_\w+$/));
    const named = spansOf(OPERATIONS, /^alert_threader_\w+$/);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !there.has(name))).toEqual([]);
  });

  it('folders of test are in the table of CONTRIBUTING.md', () => {
    const named = spansOf(readMarkdown('CONTRIBUTING.md'), /^test\/[^/*]+$/).map((path) => path.slice('test/'.length));
    expect(named.sort()).toEqual(readdirSync(join(ROOT, 'test')).sort());
  });

  it('lines of the log and of standard error are what the service says', () => {
    const quotes = [
      ...OPERATIONS.tables
        .filter(({ rows }) => /it says|log says/.test(rows[0]?.[0] ?? ''))
        .flatMap(({ rows }) => rows.slice(1).map(([said = '']) => said)),
      ...spansOf(OPERATIONS, /^(Slack|Redis|Socket Mode|store|thread store|request|alerts of|threads) [a-z ]{5,}/).map(
        (text) => `\`${text}\``,
      ),
    ].flatMap((cell) => cell.match(/`[^`]+`/g) ?? []);
    expect(quotes.length).toBeGreaterThan(15);
    const missing = quotes
      .map((quote) => quote.slice(1, -1))
      .filter((quote) => !quote.split(/…|\(…\)/).every((part) => saidBySource(part.trim())));
    expect(missing).toEqual([]);
  });
});

/** Texts in the source have parts of their own in place of `${…}`. */
const saidBySource = (part: string): boolean => {
  if (part === '' || SOURCES.includes(part)) return true;
  const words = part.split(' ');
  for (let kept = words.length - 1; kept >= 2; kept--) {
    const head = words.slice(0, kept).join(' ');
    if (SOURCES.includes(`${head} \${`)) return true;
  }
  return false;
};
