import { alertnameOf } from '../domain/incident.js';
import { threadsOf, type ThreadRecord } from '../domain/record.js';

/**
 * What a record takes its turns with: the alertname of its latest incident. A fold takes turns with the threads whose name
 * it has, and so tells of the flood before they have all been shown.
 */
export const flowOf = (record: ThreadRecord): string => {
  const incident = threadsOf(record).at(-1)?.incident;
  if (incident === undefined) return '';
  return incident.fold === undefined ? alertnameOf(incident) : `${record.key} `;
};
