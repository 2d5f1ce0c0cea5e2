export const INCIDENT_ID = /^INC-\d{14}-[0-9a-f]{8}$/;

/** What was given as an id, short enough for an error. */
export const shownId = (id: string): string => JSON.stringify(id.slice(0, 50));
