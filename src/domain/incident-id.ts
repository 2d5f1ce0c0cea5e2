let second = { at: NaN, text: '' };

/** `YYYYMMDDHHMMSS` in UTC. In a storm thousands of incidents share a second: it is written out once. */
const stamp = (now: number): string => {
  const at = Math.floor(now / 1_000);
  if (at !== second.at) second = { at, text: new Date(now).toISOString().replace(/\D/g, '').slice(0, 14) };
  return second.text;
};

/** Makes an incident id from a time and 8 random hex digits. */
export const incidentId = (now: number, random: string): string => `INC-${stamp(now)}-${random}`;

const INCIDENT_ID = /^INC-\d{14}-[0-9a-f]{8}$/;

/** Whether it can be an incident's id at all. */
export const isIncidentId = (value: unknown): value is string => typeof value === 'string' && INCIDENT_ID.test(value);
