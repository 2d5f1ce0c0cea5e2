// Says what an image holds that was built here: node tools/image/weigh.mjs [<image>] [--json]
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { podman, whatIsMissing } from './podman.mjs';

const NODE = 'nodejs/bin/node';
const PACKAGES = 'app/node_modules';
const HEAVIEST = 15;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
const [image = 'alert-threader'] = positionals;

/** Bytes on the disk of a file, or of a folder and all in it. */
const weigh = (path) => {
  const stat = lstatSync(path);
  const inside = stat.isDirectory() ? readdirSync(path).map((name) => weigh(join(path, name))) : [];
  return inside.reduce((sum, bytes) => sum + bytes, stat.blocks * 512);
};

const packagesOf = (modules) =>
  readdirSync(modules).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
  );

try {
  const missing = whatIsMissing();
  if (missing !== undefined) throw new Error(missing);
  const mounted = (await podman(['image', 'mount', image])).trim();
  try {
    const modules = join(mounted, PACKAGES);
    const node = weigh(join(mounted, NODE));
    const packages = Object.fromEntries(
      packagesOf(modules)
        .map((name) => [name, weigh(join(modules, name))])
        .sort(([, a], [, b]) => b - a),
    );
    const weights = {
      withoutNode: weigh(mounted) - node,
      node,
      system: weigh(mounted) - node - weigh(join(mounted, 'app')),
      service: weigh(join(mounted, 'app/dist')),
      allPackages: weigh(modules),
      packages,
    };
    process.stdout.write(values.json ? `${JSON.stringify(weights)}\n` : asTable(weights));
  } finally {
    await podman(['image', 'unmount', image]);
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

function asTable({ withoutNode, node, system, service, allPackages, packages }) {
  const line = (name, bytes) => `${(bytes / 1e6).toFixed(1).padStart(7)} MB  ${name}\n`;
  return [
    line('without Node', withoutNode),
    line("  Debian's libraries", system),
    line('  the service (dist)', service),
    line(`  ${Object.keys(packages).length} packages, of which`, allPackages),
    ...Object.entries(packages)
      .slice(0, HEAVIEST)
      .map(([name, bytes]) => line(`    ${name}`, bytes)),
    line('Node', node),
  ].join('');
}
