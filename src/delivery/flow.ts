import { alertIn } from '../domain/incident.js';
import { threadsOf, type ThreadRecord } from '../domain/record.js';

/** What a record takes its turns with: the alertname of its latest incident's lead alert. Empty where there is none. */
export const flowOf = (record: ThreadRecord): string => {
  const incident = threadsOf(record).at(-1)?.incident;
  return (incident && alertIn(incident, incident.lead)?.labels['alertname']) ?? '';
};
