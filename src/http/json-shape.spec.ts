import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { MAX_JSON_DEPTH, MAX_JSON_VALUES } from './http-limits.js';
import { jsonExcess } from './json-shape.js';

const WEBHOOKS = join(__dirname, '../../test/fixtures/webhooks');
const DEEP = 'the body is nested deeper than 64 levels';
const MANY = 'the body holds more than 1000000 values';

const excess = (text: string): string | undefined => jsonExcess(Buffer.from(text));
const nested = (levels: number): string => '[{"a":'.repeat(levels / 2) + '0' + '}]'.repeat(levels / 2);
const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

describe('jsonExcess', () => {
  it.each<[string, string, string | undefined]>([
    ['64 levels', nested(MAX_JSON_DEPTH), undefined],
    ['65 levels', `[${nested(MAX_JSON_DEPTH)}]`, DEEP],
    ['brackets that nobody closes', '['.repeat(1_000), DEEP],
    ['braces that nobody closes', '{"a":'.repeat(1_000), DEEP],
    ['levels side by side', `[${'[[]],'.repeat(1_000)}0]`, undefined],
    ['brackets in a string', JSON.stringify(['['.repeat(1_000), '{'.repeat(1_000)]), undefined],
    ['closing brackets in strings between the levels', '["]",'.repeat(65), DEEP],
    ['an escaped quote before brackets', JSON.stringify([`"${'['.repeat(1_000)}`]), undefined],
    ['an escaped backslash at the end of a string', `["\\\\",${'['.repeat(64)}`, DEEP],
    ['a string that nobody closes', `"${'['.repeat(1_000)}`, undefined],
    ['a backslash at the very end', '"\\', undefined],
    ['letters of several bytes', JSON.stringify(['한글 🔥', '［｛'.repeat(100)]), undefined],
    ['as many values as may be', `[${'0,'.repeat(MAX_JSON_VALUES - 1)}0]`, undefined],
    ['one value more', `[${'0,'.repeat(MAX_JSON_VALUES)}0]`, MANY],
    ['empty objects', `[${'{},'.repeat(MAX_JSON_VALUES / 2)}0]`, MANY],
    ['commas in a string', JSON.stringify(','.repeat(MAX_JSON_VALUES + 1)), undefined],
    ['nothing', '', undefined],
  ])('judges %s', (_name, text, expected) => {
    expect(excess(text)).toBe(expected);
  });

  it('agrees with JSON.parse about the depth of any value', () => {
    const deep = fc
      .tuple(fc.jsonValue({ maxDepth: 8 }), fc.integer({ min: 54, max: 66 }))
      .map(([value, levels]) => '['.repeat(levels) + JSON.stringify(value) + ']'.repeat(levels));
    fc.assert(
      fc.property(deep, (text) => {
        expect(excess(text)).toBe(depthOf(JSON.parse(text)) > MAX_JSON_DEPTH ? DEEP : undefined);
      }),
      { numRuns: 300 },
    );
  });

  it.each(readdirSync(WEBHOOKS))('finds nothing in %s', (file) => {
    expect(jsonExcess(readFileSync(join(WEBHOOKS, file)))).toBeUndefined();
  });
});
