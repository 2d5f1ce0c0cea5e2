import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readMarkdown, ROOT } from './markdown.js';

const { tables } = readMarkdown('docs/seed-parity.md');
const ROWS = tables.flatMap(({ rows, section }) => rows.slice(1).map((cells) => ({ section, cells })));
const SPEC = /`((?:src|test|simulator)\/[^`]+)`/g;

const specsIn = (cell: string): string[] => [...cell.matchAll(SPEC)].map(([, path = '']) => path);

describe("docs/seed-parity.md: the earlier version's manuals", () => {
  it('go through all their chapters', () => {
    expect(ROWS.length).toBeGreaterThan(80);
    expect([...new Set(ROWS.map(({ section }) => section))]).toHaveLength(14);
  });

  it.each(ROWS.map((row) => [`${row.section}: ${row.cells[0]?.slice(0, 60) ?? ''}`, row.cells] as const))(
    '%s',
    (_, cells) => {
      expect(cells.filter((cell) => cell !== '')).toHaveLength(3);
      const specs = specsIn(cells[2] ?? '');
      expect(specs).not.toEqual([]);
      expect(specs.filter((path) => !/\.spec\.tsx?$/.test(path) || !existsSync(join(ROOT, path)))).toEqual([]);
    },
  );
});

describe('other documents that name tests', () => {
  it.each(['docs/security.md', 'docs/architecture.md', 'CONTRIBUTING.md'])('%s names those that are there', (path) => {
    const named = readMarkdown(path).spans.map(({ text }) => text);
    const paths = named.filter((text) => /^(src|test|bench|tools|config|helm|simulator)\/[\w./-]+$/.test(text));
    expect(paths.length).toBeGreaterThan(2);
    expect(paths.filter((text) => !existsSync(join(ROOT, text)))).toEqual([]);
  });
});
