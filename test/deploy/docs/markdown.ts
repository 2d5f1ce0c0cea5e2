import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

export const ROOT = join(__dirname, '../../..');

type Root = ReturnType<typeof fromMarkdown>;
type Node = Root | Root['children'][number];

export interface Heading {
  readonly depth: number;
  readonly text: string;
  /** What a link to it names behind the `#`, as GitHub makes it. */
  readonly anchor: string;
}

export interface CodeBlock {
  readonly language: string;
  readonly text: string;
  readonly line: number;
  /** Of the heading above it; empty before the first. */
  readonly section: string;
}

export interface Span {
  readonly text: string;
  readonly line: number;
}

export interface MarkdownTable {
  /** The cells as they are written, the heading row first. */
  readonly rows: readonly (readonly string[])[];
  readonly section: string;
}

export interface MarkdownFile {
  /** From the repository's root. */
  readonly path: string;
  readonly headings: readonly Heading[];
  readonly blocks: readonly CodeBlock[];
  /** `code` within a line. */
  readonly spans: readonly Span[];
  /** Targets of links and images. */
  readonly links: readonly Span[];
  readonly tables: readonly MarkdownTable[];
}

/** The text without its markup. */
const plain = (node: Node | { children?: unknown; value?: unknown }): string => {
  if ('value' in node && typeof node.value === 'string') return node.value;
  const children = 'children' in node && Array.isArray(node.children) ? (node.children as Node[]) : [];
  return children.map(plain).join('');
};

/** https://github.com/Flet/github-slugger: lower case, no punctuation, spaces as hyphens, repeats numbered. */
const anchorMaker = (): ((text: string) => string) => {
  const seen = new Map<string, number>();
  return (text) => {
    const slug = text
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  };
};

/** Reads Markdown as GitHub does. */
export const parseMarkdown = (path: string, text: string): MarkdownFile => {
  const root = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const [headings, blocks, spans, links, tables]: [Heading[], CodeBlock[], Span[], Span[], MarkdownTable[]] = [
    [],
    [],
    [],
    [],
    [],
  ];
  const anchorOf = anchorMaker();
  const section = (): string => headings.at(-1)?.anchor ?? '';
  const source = (node: Node): string => text.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0);

  const visit = (node: Node): void => {
    const line = node.position?.start.line ?? 0;
    if (node.type === 'heading') {
      const words = plain(node);
      headings.push({ depth: node.depth, text: words, anchor: anchorOf(words) });
    } else if (node.type === 'code') {
      blocks.push({ language: node.lang ?? '', text: node.value, line, section: section() });
    } else if (node.type === 'inlineCode') {
      spans.push({ text: node.value, line });
    } else if (node.type === 'link' || node.type === 'image' || node.type === 'definition') {
      links.push({ text: node.url, line });
    } else if (node.type === 'table') {
      const rows = node.children.map((row) => row.children.map((cell) => cellOf(source(cell))));
      tables.push({ rows, section: section() });
    }
    if ('children' in node) for (const child of node.children) visit(child);
  };
  visit(root);
  return { path, headings, blocks, spans, links, tables };
};

const cellOf = (raw: string): string => raw.replace(/^\|/, '').replace(/\|$/, '').trim();

export const readMarkdown = (path: string): MarkdownFile => parseMarkdown(path, readFileSync(join(ROOT, path), 'utf8'));
