import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const SOURCES = 'simulator/page/client';

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><rect width="36" height="36" rx="8" fill="#e01e5a"/><circle cx="18" cy="18" r="8" fill="#fff"/></svg>';

export interface Asset {
  type: string;
  body: string;
}

const JS = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';

/** Undefined when there is none of that name. */
export async function readAsset(name: string): Promise<Asset | undefined> {
  if (name === 'icon.svg') return { type: 'image/svg+xml', body: ICON };
  if (name === 'blocks.css') {
    const library = createRequire(join(projectRoot(), 'package.json')).resolve('slack-blocks-to-jsx');
    return { type: CSS, body: await readFile(join(dirname(library), 'style.css'), 'utf8') };
  }
  if (/^[a-z-]+\.css$/.test(name)) return readStyles(join(projectRoot(), SOURCES, name));
  return /^[a-z-]+\.js$/.test(name) ? readScript(name.slice(0, -3)) : undefined;
}

async function readStyles(file: string): Promise<Asset | undefined> {
  return existsSync(file) ? { type: CSS, body: await readFile(file, 'utf8') } : undefined;
}

/** Compiled beside the program when there is a build; otherwise (in tests) the source without its types. */
async function readScript(name: string): Promise<Asset | undefined> {
  const built = join(dirname(process.argv[1] ?? ''), 'page/client', `${name}.js`);
  if (existsSync(built)) return { type: JS, body: await readFile(built, 'utf8') };
  const source = join(projectRoot(), SOURCES, `${name}.ts`);
  return existsSync(source) ? { type: JS, body: await withoutTypes(await readFile(source, 'utf8')) } : undefined;
}

/** Node's own stripTypeScriptTypes would do, but warns that it is experimental. */
async function withoutTypes(source: string): Promise<string> {
  const { default: ts } = await import('typescript');
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}

/** Neither __dirname nor import.meta works both in the build (ES modules) and in the tests (CommonJS). */
function projectRoot(): string {
  for (const start of [dirname(process.argv[1] ?? ''), process.cwd()]) {
    for (let folder = start; ; folder = dirname(folder)) {
      if (existsSync(join(folder, SOURCES))) return folder;
      if (folder === dirname(folder)) break;
    }
  }
  throw new Error(`no folder above ${process.argv[1] ?? ''} or ${process.cwd()} has ${SOURCES}`);
}
