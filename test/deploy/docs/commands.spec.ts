import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_TIMEOUT_MS } from '../../support/debian-package.js';
import { ALL_COMMANDS, oneByOne, programsOf, type Commands } from './commands.js';
import { ELSEWHERE, MAY_RUN, MAY_RUN_SO, NAMES, RUNS_ON } from './elsewhere.js';
import { ROOT } from './markdown.js';
import { SCENES, type Scene } from './scenes.js';
import { World } from './world.js';

const placeOf = ({ document, section }: Commands): string => `${document}#${section}`;

const elsewhere = (command: string): boolean => ELSEWHERE.some((other) => other.command.test(command));

/** What of these commands no other test runs; empty when there is nothing. */
const remaining = ({ text }: Commands): string[] => oneByOne(text).filter((command) => !elsewhere(command));

/** What may not run here, and no other test runs either. */
const nobodys = (command: string): string[] => {
  if (MAY_RUN_SO.some((known) => known.test(command))) return [];
  const programs = programsOf(command);
  return programs.filter((program) => !MAY_RUN.has(program));
};

const sceneOf = (commands: Commands): Scene | undefined =>
  SCENES.find((scene) => scene.of === placeOf(commands) && commands.text.includes(scene.with));

/** Commands about the store in Redis need a service that keeps it there. */
const storeOf = ({ document, section }: Commands): 'file' | 'redis' =>
  section === 'redis' || (document === 'docs/redis.md' && section !== 'moving-from-the-file-store') ? 'redis' : 'file';

const HERE = ALL_COMMANDS.filter((commands) => !NAMES.has(commands.text) && remaining(commands).length > 0).map(
  (commands) =>
    [`${commands.document}:${String(commands.line)} ${commands.text.split('\n')[0] ?? ''}`, commands] as const,
);

describe.each(['file', 'redis'] as const)('commands of the documents, with the store %s', (store) => {
  const mine = HERE.filter(([, commands]) => storeOf(commands) === store);
  let world: World;

  beforeAll(async () => {
    world = await World.start(store);
  }, INSTALL_TIMEOUT_MS);
  afterAll(() => (world as World | undefined)?.end());

  it.each(mine)(
    '%s',
    async (_, commands) => {
      const here = remaining(commands);
      expect(here.flatMap((command) => nobodys(command).map((program) => `${program} is run by no test`))).toEqual([]);
      await world.ready();
      const scene = sceneOf(commands);
      await scene?.before?.(world);
      const [last = ''] = here.slice(-1);
      const until = RUNS_ON.find(({ command }) => command.test(last))?.until;
      const { code, out, err } = await world.run(here.join('\n'), until);
      if (until !== undefined) expect(out).toMatch(until);
      else expect(code === 0 ? '' : `exit code ${String(code)}\n${out}${err}`).toBe('');
      await scene?.after?.(world, out);
    },
    120_000,
  );
});

describe("sudo of the documents' tests", () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start('redis');
    await world.ready();
  }, INSTALL_TIMEOUT_MS);
  afterAll(() => (world as World | undefined)?.end());

  it('gives what one has not without it', async () => {
    for (const folder of ['/var/lib/alert-threader', '/var/lib/redis', '/etc/alert-threader', '/backup']) {
      expect((await world.run(`ls ${folder}`)).err).toContain('Permission denied');
      expect(await world.run(`sudo ls ${folder}`)).toMatchObject({ code: 0, err: '' });
    }
    expect((await world.run('id -u; sudo id -u; sudo -u redis id -un')).out).toMatch(/^[1-9]\d*\n0\nredis\n$/);
  });

  it('and a restore of Redis from a file that is not there, or is no dump, loses nothing', async () => {
    const [restore] = ALL_COMMANDS.filter(({ text }) => text.includes('redis-check-rdb'));
    const before = await world.threads();
    expect(before).not.toEqual({});
    writeFileSync(world.path('backup/threads-20260116.rdb'), JSON.stringify(before));
    for (const day of ['20260114', '20260116']) {
      const { code } = await world.run(restore?.text.replaceAll('20260115', day) ?? '');
      expect(code).not.toBe(0);
      expect(await world.threads()).toEqual(before); // both still run
      expect(readdirSync(world.path('redis'))).toContain('appendonlydir');
    }
  });
});

describe('commands that another test runs', () => {
  it.each(ELSEWHERE.map((other) => [String(other.command), other] as const))('%s', (_, { command, file, essence }) => {
    expect(existsSync(join(ROOT, file)) ? file : `${file} is missing`).toBe(file);
    expect(readFileSync(join(ROOT, file), 'utf8')).toMatch(essence);
    const used = ALL_COMMANDS.flatMap(({ text }) => oneByOne(text)).some((one) => command.test(one));
    expect(used ? [] : [`no document has a command for ${String(command)}`]).toEqual([]);
  });

  it('scenes belong to commands that are there', () => {
    const homeless = SCENES.filter((scene) => !HERE.some(([, commands]) => sceneOf(commands) === scene)).map(
      (scene) => `${scene.of} ${scene.with}`,
    );
    expect(homeless).toEqual([]);
  });
});

describe('reading of commands', () => {
  it('knows the programs in them', () => {
    expect(programsOf('sudo A=1 B="x y" foo --bar | xargs -r baz "$(qux -n)" && quux \'a | b\'')).toEqual(
      expect.arrayContaining(['foo', 'baz', 'qux', 'quux']),
    );
    expect(nobodys('curl -s http://localhost | rm-everything -rf /')).toEqual(['rm-everything']);
    expect(nobodys('sudo ./install.sh --uninstall')).toEqual(['./install.sh']);
  });

  it('joins what goes on in the next line', () => {
    expect(oneByOne('a \\\n  b\nc |\n  d\n\ncurl -d \'{\n  "x": 1\n}\'\ne')).toEqual([
      'a \\\n  b',
      'c |\n  d',
      'curl -d \'{\n  "x": 1\n}\'',
      'e',
    ]);
  });
});
