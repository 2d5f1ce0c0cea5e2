import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './markdown.js';

const NOT_OURS: ReadonlySet<string> = new Set(['node_modules', 'dist', 'dist-simulator', 'data', '.git', '.cache']);

const below = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : below(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });

/** Every Markdown file of the repository. */
export const DOCUMENTS: readonly string[] = below('').sort();

/** They quote the commands of earlier times. */
const OF_THE_PAST: ReadonlySet<string> = new Set(['CHANGELOG.md', 'docs/seed-parity.md']);

/** Documents whose commands are for readers to type. */
export const WITH_COMMANDS = DOCUMENTS.filter((path) => !path.startsWith('docs/adr/') && !OF_THE_PAST.has(path));
