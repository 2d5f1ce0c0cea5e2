import { readFileSync } from 'node:fs';
import { DASHBOARD } from './promtool.js';

interface FieldDefaults {
  readonly unit?: string;
  /** Words and colours in the place of some values. */
  readonly mappings?: readonly { readonly type: string; readonly options: Readonly<Record<string, unknown>> }[];
  readonly thresholds?: { readonly steps: readonly { readonly color: string }[] };
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly fieldConfig?: { readonly defaults: FieldDefaults };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string; readonly refId: string }[];
}

export interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}

export const readDashboard = (): Dashboard => JSON.parse(readFileSync(DASHBOARD, 'utf8')) as Dashboard;

/** What Grafana puts into an expression before it asks Prometheus. */
const VARIABLES: Readonly<Record<string, string>> = {
  $namespace: '.*',
  $job: '.*',
  $instance: '.*',
  $__rate_interval: '1m',
  $__range: '6h',
};

/** As Grafana asks with everything chosen. Throws at a variable that Grafana would not know. */
export const asked = (expr: string): string =>
  expr.replace(/\$\w+/g, (name) => {
    const value = VARIABLES[name];
    if (value === undefined) throw new Error(`${name} in ${expr} is no variable of the dashboard`);
    return value;
  });

export interface Query {
  readonly panel: string;
  readonly expr: string;
  readonly legend: string;
}

export const allQueries = (): Query[] =>
  readDashboard().panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({ panel: title, expr, legend: legendFormat })),
  );
