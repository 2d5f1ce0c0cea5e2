import { randomFillSync } from 'node:crypto';
import { incidentId } from '../domain/incident-id.js';

/** Random numbers made at a time: one call to the system for many ids. */
const pool = new Uint32Array(1_024);
let used = pool.length;

export const newIncidentId = (now: number): string => {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool[used++] ?? 0;
  return incidentId(now, random.toString(16).padStart(8, '0'));
};
