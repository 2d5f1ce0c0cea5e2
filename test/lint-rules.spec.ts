import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

interface Linted {
  messages: { ruleId: string | null; line: number }[];
}

/** Lints a text as if it were this file. @returns the lines in which this rule finds a fault */
const faultyLines = (rule: string, file: string, lines: readonly string[]): string[] => {
  const args = ['node_modules/.bin/eslint', '--format', 'json', '--stdin', '--stdin-filename', file];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: 'utf8',
    input: lines.join('\n'),
  });
  if (!stdout.startsWith('[')) throw new Error(`eslint failed: ${stderr}${stdout}`);
  const [linted] = JSON.parse(stdout) as Linted[];
  const found = (linted?.messages ?? []).filter(({ ruleId }) => ruleId === rule);
  return [...new Set(found.map(({ line }) => line))].map((line) => lines[line - 1] ?? '');
};

it('finds every read and write by a name that may be any text, and nothing else', () => {
  const faulty = [
    "export const value = (labels: Labels, name: string) => labels[name] ?? '';",
    'export const optional = (alert: { labels?: Labels }, name: string) => alert.labels?.[name];',
    'export const built = (labels: Labels, name: string) => labels[`x_${name}`];',
    'export const write = (labels: Labels, name: string) => (labels[name] = "");',
    'export const taken = ({ labels }: { labels: Labels }, name: string) => { const { [name]: value } = labels; return value; };',
    'export const given = (value: any, name: any) => value[name];',
  ];
  const good = [
    'type Labels = Record<string, string>;',
    "export const literal = (labels: Labels) => labels['severity'];",
    "export const ours = (labels: Labels, name: 'summary' | 'title') => labels[name];",
    'export const item = (list: readonly string[], at: number) => list[at];',
    'export const made = (name: string): Labels => ({ [name]: "x" });',
  ];
  const lines = [...good, ...faulty];
  expect(faultyLines('own-values/by-name', 'src/domain/thread-key.ts', lines)).toEqual(faulty);
  expect(faultyLines('own-values/by-name', 'src/domain/thread-key.spec.ts', lines)).toEqual([]);
});
