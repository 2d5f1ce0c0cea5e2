// Compiles the service and the simulator where a build is missing or older than its sources.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { node, root } from './paths.mjs';
import { say } from './terminal.mjs';

const BUILDS = [
  { name: 'the service', sources: 'src', target: 'dist', project: 'tsconfig.build.json' },
  { name: 'the simulator', sources: 'simulator', target: 'dist-simulator', project: 'tsconfig.simulator.json' },
];
/** What any build depends on. */
const SHARED = ['tsconfig.json', 'package-lock.json'];
const TSC = 'node_modules/typescript/lib/tsc.js';

export async function buildWhatIsOld(signal) {
  const old = BUILDS.filter(isOld);
  if (old.length === 0) return;
  if (!existsSync(join(root, TSC))) throw new Error('no dependencies yet: run npm run demo');
  say(`building ${old.map(({ name }) => name).join(' and ')} …`);
  const start = performance.now();
  await Promise.all(old.map((build) => compile(build, signal)));
  say(`built in ${Math.round((performance.now() - start) / 1000)} s`);
}

function isOld({ sources, target, project }) {
  const main = join(root, target, 'main.js');
  if (!existsSync(main)) return true;
  const newest = Math.max(
    ...[...SHARED, project].map((file) => modified(join(root, file))),
    newestBelow(join(root, sources)),
  );
  return newest > modified(main);
}

/** A folder counts too: it changes when a file in it goes away. */
function newestBelow(folder) {
  const inside = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !/\.spec\.tsx?$/.test(name))
    .map((entry) => (entry.isDirectory() ? newestBelow : modified)(join(folder, entry.name)));
  return Math.max(modified(folder), ...inside);
}

function modified(path) {
  return statSync(path).mtimeMs;
}

async function compile({ name, target, project }, signal) {
  const clear = () => rmSync(join(root, target), { recursive: true, force: true });
  clear();
  const compiler = spawn(node, [TSC, '-p', project], { cwd: root, signal, windowsHide: true });
  let output = '';
  for (const stream of [compiler.stdout, compiler.stderr]) stream.on('data', (chunk) => (output += chunk));
  try {
    const [code] = await once(compiler, 'close');
    if (code !== 0) throw new Error(`can't build ${name}:\n${output.trimEnd()}`);
  } catch (error) {
    clear(); // half a build would count as up to date the next time
    throw error;
  }
}
