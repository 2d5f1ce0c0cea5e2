import { leadAlert } from '../domain/incident.js';
import type { IncidentThread } from '../domain/record.js';
import { alertTitle } from '../domain/root-facts.js';

/** How people call the incident. Untrusted text. */
export const titleOf = ({ incident }: Pick<IncidentThread, 'incident'>): string => alertTitle(leadAlert(incident));
