import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCKERFILE = join(__dirname, '../../../Dockerfile');
const INSTRUCTION = /^([A-Z]+)\s+(.*)$/;
const VARIABLE = /(\w+)=(\S+)/g;

/** What an image gives to a container that says nothing of its own. */
export interface Image {
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
  /** `uid:gid` */
  readonly user: string;
}

/** As the last stage of the Dockerfile says. */
export const readImage = (): Image => {
  const lines = readFileSync(DOCKERFILE, 'utf8')
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n');
  const instructions = lines.flatMap((line) => {
    const [, name = '', text = ''] = INSTRUCTION.exec(line) ?? [];
    return name === '' ? [] : [{ name, text }];
  });
  const stage = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
  const last = (wanted: string): string | undefined => stage.findLast(({ name }) => name === wanted)?.text;
  const list = (wanted: string): readonly string[] => JSON.parse(last(wanted) ?? '[]') as string[];
  const variables = stage.filter(({ name }) => name === 'ENV').flatMap(({ text }) => [...text.matchAll(VARIABLE)]);
  return {
    entrypoint: list('ENTRYPOINT'),
    cmd: list('CMD'),
    env: Object.fromEntries(variables.map(([, name = '', value = '']) => [name, value])),
    workdir: last('WORKDIR') ?? '/',
    user: last('USER') ?? '0:0',
  };
};
