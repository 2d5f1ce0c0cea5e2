/** Of YAML: maps, lists of scalars, strings, booleans, comments. */
export type Yaml = string | boolean | Yaml[] | { [key: string]: Yaml };

interface Line {
  readonly indent: number;
  readonly text: string;
}

const KEY = /^([\w]+):(?: +(.+))?$/;
/** What would be something else than text in YAML is refused, lest the test read a file otherwise than Slack. */
const PLAIN = /^[A-Za-z][^#]*$/;
const QUOTED = /^'([^']*)'$/;

/** Reads the simple part of YAML that the manifest is written in. @throws {Error} anything beyond it */
export const parseSimpleYaml = (source: string): Yaml => {
  const lines = source
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .map((line): Line => ({ indent: line.search(/\S/), text: line.trim() }));
  const value = node(lines, 0);
  const [rest] = lines;
  if (rest !== undefined) throw new Error(`expected no more, got ${rest.text}`);
  return value;
};

/** Takes the lines of one map or list off the front. */
const node = (lines: Line[], indent: number): Yaml => {
  const isList = lines[0]?.text.startsWith('- ') ?? false;
  const list: Yaml[] = [];
  const map: Record<string, Yaml> = {};
  for (let line = lines[0]; line !== undefined && line.indent === indent; line = lines[0]) {
    lines.shift();
    if (isList) {
      if (!line.text.startsWith('- ')) throw new Error(`expected an item of the list, got ${line.text}`);
      list.push(scalar(line.text.slice(2)));
      continue;
    }
    const [, key, text] = KEY.exec(line.text) ?? [];
    if (key === undefined || key in map) throw new Error(`expected a key that is not there yet, got ${line.text}`);
    map[key] = text === undefined ? below(lines, indent, key) : scalar(text);
  }
  return isList ? list : map;
};

const below = (lines: Line[], indent: number, key: string): Yaml => {
  const next = lines[0];
  if (next === undefined || next.indent <= indent) throw new Error(`expected something below ${key}`);
  return node(lines, next.indent);
};

const scalar = (text: string): Yaml => {
  if (text === 'true' || text === 'false') return text === 'true';
  const quoted = QUOTED.exec(text)?.[1];
  if (quoted !== undefined) return quoted;
  if (!PLAIN.test(text) || /: |^(yes|no|on|off|null|y|n)$/i.test(text)) throw new Error(`expected text, got ${text}`);
  return text;
};
