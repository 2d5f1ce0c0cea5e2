import type { IncidentThread } from '../domain/record.js';
import { incidentTitle } from '../domain/root-facts.js';

/** How people call the incident. Untrusted text. */
export const titleOf = ({ incident }: Pick<IncidentThread, 'incident'>): string => incidentTitle(incident);
