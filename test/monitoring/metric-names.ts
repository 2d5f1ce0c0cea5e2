import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const METRICS_DOC = join(__dirname, '../../docs/metrics.md');

interface Metric {
  readonly name: string;
  readonly type: string;
}

/** What docs/metrics.md lists; that the service exposes just these has a test of its own. */
export const documentedMetrics = (): Metric[] => {
  const rows = readFileSync(METRICS_DOC, 'utf8').matchAll(/^\| *`(alert_threader_\w+)` *\| *(\w+)/gm);
  return [...rows].map(([, name = '', type = '']) => ({ name, type }));
};

/** Metrics of the service that an expression names, as docs/metrics.md has them: a histogram without its suffix. */
export const metricsIn = (expression: string): string[] => {
  const histograms = new Set(documentedMetrics().flatMap(({ name, type }) => (type === 'histogram' ? [name] : [])));
  const names = [...expression.matchAll(/\balert_threader_\w+/g)].map(([name]) => {
    const base = name.replace(/_(bucket|sum|count)$/, '');
    return histograms.has(base) ? base : name;
  });
  return [...new Set(names)];
};
