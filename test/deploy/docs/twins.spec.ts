import { readMarkdown, type MarkdownFile } from './markdown.js';

const ENGLISH = readMarkdown('README.md');
const KOREAN = readMarkdown('README.ko.md');

const codeIn = (cell: string): string[] => cell.match(/`[^`]+`/g) ?? [];
/** What is the same in any language: code, addresses of files, numbers of columns and rows. */
const factsOf = ({ tables }: MarkdownFile) =>
  tables.map(({ rows }) => rows.map((row) => row.map((cell) => codeIn(cell).filter((code) => !code.includes('…')))));

/** Links without anchors of the page itself, which are named after its headings, and the other language. */
const linksOf = ({ links }: MarkdownFile): string[] =>
  links.map(({ text }) => text).filter((url) => !url.startsWith('#') && !url.startsWith('README'));

describe('README.md and README.ko.md', () => {
  it('have the same structure', () => {
    expect(KOREAN.headings.map(({ depth }) => depth)).toEqual(ENGLISH.headings.map(({ depth }) => depth));
    expect(ENGLISH.headings.length).toBeGreaterThan(10);
  });

  it('have the same commands and examples', () => {
    const blocksOf = ({ blocks }: MarkdownFile) => blocks.map(({ language, text }) => ({ language, text }));
    expect(blocksOf(KOREAN)).toEqual(blocksOf(ENGLISH));
  });

  it('lead to the same places, in the same order', () => {
    expect([...linksOf(KOREAN)].sort()).toEqual([...linksOf(ENGLISH)].sort());
  });

  it('say the same of settings, endpoints and buttons, as far as that is no language', () => {
    const sorted = (tables: readonly string[][][][]) =>
      tables.map((rows) => rows.map((row) => row.map((codes) => [...codes].sort())));
    expect(sorted(factsOf(KOREAN))).toEqual(sorted(factsOf(ENGLISH)));
  });

  it('are in their languages', () => {
    const headings = KOREAN.headings.map(({ text }) => text).filter((text) => !/^[\w ]+$/.test(text));
    expect(headings.filter((text) => !/[가-힣]/.test(text))).toEqual([]);
    expect(headings.length).toBeGreaterThan(10);
  });
});
