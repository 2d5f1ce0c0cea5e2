import { randomUUID } from 'node:crypto';
import { incidentId } from '../domain/incident.js';

export const newIncidentId = (now: number): string => incidentId(now, randomUUID().slice(0, 8));
