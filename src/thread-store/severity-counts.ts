import { SEVERITY_CLASSES, severityClass, type SeverityClass } from '../domain/alert.js';
import type { Incident, IncidentStatus } from '../domain/incident.js';
import type { IncidentFigures } from './thread-store.js';

export const STATUSES = ['firing', 'acknowledged', 'resolved'] as const satisfies readonly IncidentStatus[];

/** How many incidents there are of each status and severity. */
export class SeverityCounts {
  private readonly counts = new Map<IncidentStatus, Map<SeverityClass, number>>(
    STATUSES.map((status) => [status, new Map<SeverityClass, number>()]),
  );

  add({ status, severity }: Pick<Incident, 'status' | 'severity'>, change: 1 | -1): void {
    const row = this.counts.get(status);
    const name = severityClass(severity);
    row?.set(name, (row.get(name) ?? 0) + change);
  }

  get(status: IncidentStatus, severity: SeverityClass): number {
    return this.counts.get(status)?.get(severity) ?? 0;
  }
}

/** Every status and severity with its number. */
export const figures = (count: (status: IncidentStatus, severity: SeverityClass) => number): IncidentFigures =>
  STATUSES.flatMap((status) =>
    SEVERITY_CLASSES.map((severity) => ({ status, severity, count: count(status, severity) })),
  );
