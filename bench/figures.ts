/** One line of the report. */
export interface Figure {
  readonly what: string;
  readonly measured: string;
  readonly baseline: string;
  readonly target: string;
  readonly met: boolean;
}

const HEADERS = ['what', 'measured', 'baseline in this run', 'target', 'met'] as const;

/** Prints figures as a Markdown table, ready for docs/benchmarks.md. */
export const asTable = (figures: readonly Figure[]): string => {
  const rows = figures.map(({ what, measured, baseline, target, met }) => [
    what,
    measured,
    baseline,
    target,
    met ? 'yes' : 'no',
  ]);
  return [HEADERS, HEADERS.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
};

export const ratioFigure = (what: string, ours: number, base: number, target: number): Figure => ({
  what,
  measured: `${(ours / base).toFixed(2)} (${ours.toFixed(0)} a second)`,
  baseline: `${base.toFixed(0)} a second`,
  target: `≥ ${target.toFixed(2)}`,
  met: ours / base >= target,
});

export const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};
