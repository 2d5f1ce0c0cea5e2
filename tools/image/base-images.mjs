// Stand-ins for the two images that the Dockerfile begins with, for a machine that reaches no image registry: made of
// Debian's packages, the npm package `node` and the npm that is here. They hold what the real ones do as far as the
// Dockerfile and the service can tell; the one to run has no shell either.
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folder, podman, root, run } from './podman.mjs';

const SUITE = 'trixie';
const node = join(root, 'node_modules/node/bin/node');

/** @returns {Promise<{BUILD_IMAGE: string, RUN_IMAGE: string}>} names for the build arguments */
export const baseImages = async (say) => ({
  BUILD_IMAGE: await made('build', buildBase, say),
  RUN_IMAGE: await made('run', runBase, say),
});

/** node:24-trixie-slim */
const buildBase = async () => {
  const cli = realpathSync((await run('sh', ['-c', 'command -v npm'])).trim()); // …/npm/bin/npm-cli.js
  const npm = dirname(dirname(cli));
  // where a proxy stands between this machine and the registry
  const certificates = process.env.NODE_EXTRA_CA_CERTS;
  const trusted = '/etc/extra-ca.pem';
  return {
    system: [
      ...['--variant=essential', '--include=libstdc++6'],
      `--customize-hook=copy-in ${node} /usr/local/bin`,
      '--customize-hook=mkdir -p "$1/usr/local/lib/node_modules"',
      `--customize-hook=copy-in ${npm} /usr/local/lib/node_modules`,
      '--customize-hook=ln -s ../lib/node_modules/npm/bin/npm-cli.js "$1/usr/local/bin/npm"',
      ...(certificates ? [`--customize-hook=upload ${certificates} ${trusted}`] : []),
    ],
    image: [
      ...['--change', 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      ...(certificates ? ['--change', `ENV NODE_EXTRA_CA_CERTS=${trusted}`] : []),
    ],
  };
};

/** gcr.io/distroless/nodejs24-debian13:nonroot */
const runBase = async () => ({
  system: [
    '--variant=extract', // which runs no hook but these
    '--include=base-files,netbase,tzdata,libc6,libssl3t64,libgcc-s1,libstdc++6',
    '--extract-hook=mkdir -p "$1/nodejs/bin" "$1/home/nonroot"',
    `--extract-hook=copy-in ${node} /nodejs/bin`,
    '--extract-hook=printf "%s\\n" root:x:0:0:root:/root:/sbin/nologin ' +
      'nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin > "$1/etc/passwd"',
  ],
  image: [
    ...['--change', 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    ...['--change', 'USER 65532', '--change', 'WORKDIR /home/nonroot', '--change', 'ENTRYPOINT ["/nodejs/bin/node"]'],
  ],
});

/** Made once per version of Node and of this file. */
const made = async (name, describe, say) => {
  const hash = createHash('sha256')
    .update(await readFile(fileURLToPath(import.meta.url)))
    .update(await readFile(join(dirname(node), '../package.json')))
    .update(process.env.NODE_EXTRA_CA_CERTS ?? '')
    .digest('hex');
  const image = `localhost/stand-in-to-${name}:${hash.slice(0, 12)}`;
  const isThere = await podman(['image', 'exists', image]).then(
    () => true,
    () => false,
  );
  if (isThere) return image;
  say(`making ${image} of Debian's packages, half a minute …`);
  const { system, image: changes } = await describe();
  const archive = join(folder, `stand-in-to-${name}.tar`);
  await run('mmdebstrap', ['--quiet', ...system, SUITE, archive]);
  await podman(['import', '--quiet', ...changes, archive, image]);
  await rm(archive);
  return image;
};
