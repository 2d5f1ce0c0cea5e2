import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { DOCUMENTS } from './documents.js';
import { parseMarkdown, readMarkdown, ROOT, type MarkdownFile } from './markdown.js';

/** Links that lead nowhere, as `line: target (why)`. */
const broken = ({ path, links, headings }: MarkdownFile): string[] =>
  links.flatMap(({ text, line }) => {
    if (/^(https?|mailto):/.test(text)) return [];
    const [file = '', anchor] = decodeURI(text).split('#');
    const target = file === '' ? path : normalize(join(dirname(path), file));
    const fault = (why: string): string[] => [`${path}:${line}: ${text} (${why})`];
    if (target.startsWith('..')) return fault('it is outside of the repository');
    if (target !== path && !existsSync(join(ROOT, target))) return fault('there is no such file');
    if (anchor === undefined) return [];
    if (!target.endsWith('.md')) return fault('an anchor in what is no Markdown');
    const there = target === path ? headings : readMarkdown(target).headings;
    return there.some((heading) => heading.anchor === anchor) ? [] : fault('there is no such heading');
  });

describe('links of the documents', () => {
  it('are found in more than ten of them', () => {
    expect(DOCUMENTS.length).toBeGreaterThan(10);
    expect(DOCUMENTS).toEqual(expect.arrayContaining(['README.md', 'README.ko.md', 'docs/operations.md']));
  });

  it.each(DOCUMENTS)('%s: each leads to a file, and to a heading in it', (path) => {
    expect(broken(readMarkdown(path))).toEqual([]);
  });

  it('show each picture of docs/images', () => {
    const linked = DOCUMENTS.flatMap((path) => readMarkdown(path).links.map(({ text }) => join(dirname(path), text)));
    const pictures = readdirSync(join(ROOT, 'docs/images')).map((name) => `docs/images/${name}`);
    expect(pictures.filter((picture) => !linked.includes(picture))).toEqual([]);
    expect(pictures).not.toEqual([]);
  });

  it('would be told that lead nowhere', () => {
    const text = '# Here\n\n[a](#here) [b](#there) [c](nowhere.md) [d](../../etc) ![e](LICENSE) [f](README.md#no-such)';
    expect(broken(parseMarkdown('test.md', text))).toEqual([
      'test.md:3: #there (there is no such heading)',
      'test.md:3: nowhere.md (there is no such file)',
      'test.md:3: ../../etc (it is outside of the repository)',
      'test.md:3: README.md#no-such (there is no such heading)',
    ]);
  });

  it('have anchors as GitHub makes them', () => {
    const text = '## What `POST /alert` answers\n\n## 설정, 환경 변수\n\n## A\n\n## A\n\n## From Alertmanager’s own';
    expect(parseMarkdown('test.md', text).headings.map(({ anchor }) => anchor)).toEqual([
      'what-post-alert-answers',
      '설정-환경-변수',
      'a',
      'a-1',
      'from-alertmanagers-own',
    ]);
  });
});
