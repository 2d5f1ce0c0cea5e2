// Builds the Dockerfile with podman, on a machine that has neither Docker nor an image registry at hand.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { baseImages } from './base-images.mjs';
import { podman, root, whatIsMissing } from './podman.mjs';

const HELP = `Builds the image without Docker: node tools/image/build.mjs [options], as root on Debian.

  --tag <name>       default alert-threader
  --file <path>      default the repository's Dockerfile
  --quiet            says nothing unless it fails
  --help

\`node tools/image/podman.mjs run --rm alert-threader\` runs it, \`node tools/image/weigh.mjs\` says what it holds.
`;

const say = (line) => process.stderr.write(`${line}\n`);
const fail = (message, code = 1) => {
  say(message);
  process.exit(code);
};

const options = (() => {
  try {
    const text = (value) => ({ type: 'string', default: value });
    const flag = { type: 'boolean', default: false };
    return parseArgs({
      options: { tag: text('alert-threader'), file: text(join(root, 'Dockerfile')), quiet: flag, help: flag },
    }).values;
  } catch (error) {
    return fail(`${error.message}\n\n${HELP}`, 2);
  }
})();
if (options.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const missing = whatIsMissing();
if (missing !== undefined) fail(missing);
try {
  const bases = await baseImages(options.quiet ? () => {} : say);
  const how = [
    ...Object.entries(bases).flatMap(([name, image]) => ['--build-arg', `${name}=${image}`]),
    ...['--format', 'docker'], // which has HEALTHCHECK
    ...['--isolation', 'chroot', '--network', 'host'], // npm needs no container, and the way to its registry
    ...['--ulimit', 'nofile=16384:16384'], // npm opens some thousands of files; Docker allows more
    ...['--pull=never', '--layers'],
  ];
  const { tag, file } = options;
  await podman(['build', ...how, '--tag', tag, '--file', resolve(file), root], { shown: !options.quiet });
} catch (error) {
  fail(error.message);
}
