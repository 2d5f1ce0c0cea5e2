import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../../../simulator/simulator.js';
import { withSlack } from '../../support/service-environment.js';
import { TempFolder } from '../../support/temp-folder.js';
import { Container, removeContainers } from './container.js';
import { build, BUILD_TIMEOUT_MS, ownerOf, podman } from './image.js';

const IMAGE = 'localhost/alert-threader-broken';
const DOCKERFILE = readFileSync(join(__dirname, '../../../Dockerfile'), 'utf8');

/** Each line that brings files into the image, and who misses them first. */
const COPIES: readonly (readonly [line: string, missedBy: RegExp])[] = [
  ['COPY src src', /src/],
  ['COPY tsconfig.json tsconfig.build.json ./', /tsconfig\.build\.json/],
  ['COPY --from=packages /app/node_modules node_modules', /Cannot find package/],
  ['COPY package.json LICENSE ./', /package\.json/],
  ['COPY tools/image/healthcheck.mjs ./', /healthcheck\.mjs/],
  ['COPY --from=build /app/dist dist', /Cannot find module '\/app\/dist\/main\.js'/],
  ['COPY --from=packages --chown=65532:65532 /state /var/lib/alert-threader', /var\/lib\/alert-threader/],
];

/** What a Dockerfile makes must start, be ready and pass its own HEALTHCHECK: what the tests above say of a good one. */
describe('a Dockerfile without one of its COPY lines', () => {
  let folder: TempFolder;
  let simulator: Simulator;

  beforeEach(async () => {
    folder = new TempFolder();
    simulator = await startSimulator({ pace: 'off' });
  });
  afterEach(async () => {
    await removeContainers();
    await podman('rmi', '--force', '--ignore', IMAGE);
    await simulator.close();
    folder.remove();
  });

  const use = async (dockerfile: string): Promise<void> => {
    const file = folder.file('Dockerfile');
    writeFileSync(file, dockerfile);
    await build(IMAGE, file);
    // podman lends a new volume to the container's user, Docker does not: it takes the folder's own
    expect(await ownerOf(IMAGE, '/var/lib/alert-threader')).toBe(65532);
    const container = await (await Container.start(IMAGE, { env: withSlack(simulator) })).ready();
    const { code, output } = await container.exec('node', 'healthcheck.mjs');
    if (code !== 0) throw new Error(`node healthcheck.mjs ended with ${code}: ${output}`);
  };

  it('is about every line that there is', () => {
    const lines = DOCKERFILE.split('\n').filter((line) => line.startsWith('COPY '));
    const others = lines.filter((line) => line !== 'COPY package.json package-lock.json ./'); // of two stages
    expect(others.sort()).toEqual(COPIES.map(([line]) => line).sort());
  });

  it('works when nothing is missing', () => use(DOCKERFILE), BUILD_TIMEOUT_MS);

  it.each(COPIES)(
    'fails without: %s',
    async (line, missedBy) => {
      expect(DOCKERFILE.split(`${line}\n`)).toHaveLength(2);
      await expect(use(DOCKERFILE.replace(`${line}\n`, ''))).rejects.toThrow(missedBy);
    },
    BUILD_TIMEOUT_MS,
  );
});
