const LEVELS: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO ',
  40: 'WARN ',
  50: 'ERROR',
  60: 'FATAL',
};

interface Line {
  level: number;
  time: number;
  msg?: string;
  context?: string;
  err?: { message?: string; stack?: string };
}

const shown = (value: unknown): string =>
  typeof value === 'string' && /^[^\s"]+$/.test(value) ? value : JSON.stringify(value);

/** A JSON log line for people: `14:30:25.123 INFO  [Alerts] webhook taken alerts=3`, the stack of an error below. */
export const pretty = (line: string): string => {
  const { level, time, msg, context, err, ...fields } = JSON.parse(line) as Line;
  const at = new Date(time).toISOString().slice(11, 23);
  const parts = [at, LEVELS[level] ?? String(level)];
  if (context !== undefined) parts.push(`[${context}]`);
  if (msg !== undefined) parts.push(msg);
  for (const [name, value] of Object.entries(fields)) parts.push(`${name}=${shown(value)}`);
  const stack = err === undefined ? '' : `\n  ${(err.stack ?? err.message ?? '').replaceAll('\n', '\n  ')}`;
  return `${parts.join(' ')}${stack}\n`;
};
