import { WITH_COMMANDS } from './documents.js';
import { readMarkdown } from './markdown.js';

/** A block of shell commands, or one command within a line of text. */
export interface Commands {
  readonly document: string;
  readonly line: number;
  /** Anchor of the heading above a block. */
  readonly section: string;
  readonly text: string;
}

const SHELL: ReadonlySet<string> = new Set(['sh', 'bash', 'shell', 'console']);

/** What a `code span` begins with that is a command to type. */
const PROGRAM =
  /^(sudo|\.\/[\w-]+\.sh|npm|npx|node|docker|kubectl|helm|curl|redis-cli|redis-server|systemctl|journalctl|systemd-analyze|amtool|promtool|chmod|cp|jq|git|go) /;

/** Spans that only name a part of a command have this in them. */
const PART = '…';

/** All commands of a document, in its order. */
export const commandsOf = (document: string): Commands[] => {
  const { blocks, spans } = readMarkdown(document);
  const inBlocks = blocks
    .filter(({ language }) => SHELL.has(language))
    .map(({ text, line, section }) => ({ document, line, section, text }));
  const inLines = spans
    .filter(({ text }) => PROGRAM.test(text) && !text.includes(PART))
    .map(({ text, line }) => ({ document, line, section: '', text }));
  return [...inBlocks, ...inLines].sort((a, b) => a.line - b.line);
};

export const ALL_COMMANDS: readonly Commands[] = WITH_COMMANDS.flatMap(commandsOf);

const isOpen = (text: string): boolean => {
  const bare = text.replace(/\\./gs, '');
  const quotes = bare.replace(/"[^"]*"|'[^']*'/g, '');
  return /["']/.test(quotes) || /(\\|\||&&)$/.test(text);
};

/** The commands one by one: a line goes on after a backslash, a pipe, and inside quotes. */
export const oneByOne = (text: string): string[] => {
  const commands: string[] = [];
  let open = '';
  for (const line of text.split('\n')) {
    open = open === '' ? line : `${open}\n${line}`;
    if (isOpen(open)) continue;
    if (open.trim() !== '') commands.push(open);
    open = '';
  }
  if (open !== '') commands.push(open);
  return commands;
};

/** What stands before a command's own program. */
const BEFORE = /^(sudo|until|while|do|xargs|exec|timeout \d+|-u \S+|--preserve-env=\S+|-r|-d \S+|[A-Z_]+=\S*)\s+/;

/** Commands within a command: `$(date +%Y)`. */
const SUBSTITUTION = /\$\(([^()]*)\)/g;

/** The programs that commands call. */
export const programsOf = (text: string): string[] => {
  const joined = text.replace(/\\\n\s*/g, ' ').replace(/'[^']*'/g, "''");
  const inner = [...joined.matchAll(SUBSTITUTION)].map(([, command = '']) => command);
  const bare = joined.replace(SUBSTITUTION, 'X').replace(/"(\\.|[^"\\])*"/gs, '""');
  const parts = [...inner, ...bare.split(/\|\|?|&&|;|\n/)].map((part) => {
    let rest = part.trim();
    while (BEFORE.test(rest)) rest = rest.replace(BEFORE, '');
    return rest.split(/\s/)[0] ?? '';
  });
  return [...new Set(parts.filter((name) => name !== '' && name !== 'done' && !/^\w+=/.test(name)))];
};
