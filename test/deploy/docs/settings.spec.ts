import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../../src/config/config.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { Secret } from '../../../src/config/secret.js';
import { readMarkdown, ROOT } from './markdown.js';

const SOURCE = readFileSync(join(ROOT, 'src/config/config.ts'), 'utf8');
/** Variable → property, as they stand in the source. */
const VARIABLES = [...SOURCE.matchAll(/@FromVariable\('(\w+)'[^]*?\n {2}readonly (\w+)/g)].map(
  ([, variable = '', property = '']) => [variable, property] as const,
);

const DURATIONS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
];
/** A default as people would write it; empty for none. */
const written = (property: string, value: Config[keyof Config]): string => {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.join(',');
  if (property.endsWith('Ms') && typeof value === 'number') {
    const [unit, size] = DURATIONS.find(([, ms]) => value % ms === 0) ?? ['ms', 1];
    return `${String(value / size)}${unit}`;
  }
  return value === null ? '' : String(value);
};

const codes = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);

/** Variable → default, of the table that has SLACK_BOT_TOKEN in it. */
const documented = (path: string): Map<string, string> => {
  const table = readMarkdown(path).tables.find(({ rows }) => rows.some(([name]) => name === '`SLACK_BOT_TOKEN`'));
  const pairs = (table?.rows ?? []).slice(1).flatMap((row) => {
    const names = codes(row[0]);
    const defaults = codes(row[1]);
    return names.map((name, i) => [name, defaults[i] ?? ''] as const);
  });
  return new Map(pairs);
};

describe.each(['README.md', 'README.ko.md'])('settings in %s', (path) => {
  const config = loadConfig({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_CHANNEL: 'C0123456789' });
  const required = ['SLACK_BOT_TOKEN', 'SLACK_CHANNEL'];

  it('are those of the service, with their defaults', () => {
    expect(VARIABLES.length).toBeGreaterThan(35);
    const expected = VARIABLES.map(([variable, property]) => {
      const value = config[property as keyof Config];
      return [variable, required.includes(variable) ? '' : written(property, value)];
    });
    expect(Object.fromEntries(documented(path))).toEqual(Object.fromEntries(expected));
  });
});
