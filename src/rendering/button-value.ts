import { isIncidentId } from '../domain/incident-id.js';
import { ACTION_IDS, SILENCE_OPTIONS, type ButtonAction, type SilenceOption } from './action-ids.js';

/** What a button, or an option of the silence select, carries. */
export type ButtonValue =
  | { readonly incidentId: string; readonly action: 'silence'; readonly duration: SilenceOption }
  | { readonly incidentId: string; readonly action: Exclude<ButtonAction, 'silence'>; readonly duration?: undefined };

/** Ours are half as long. */
const MAX_LENGTH = 150;

export const buttonValue = (incidentId: string, action: Exclude<ButtonAction, 'silence'>): string =>
  JSON.stringify({ incident_id: incidentId, action });

/** An option of the silence select. Short: Slack's figure for the longest is 75 in one place, 150 in another. */
export const silenceValue = (incidentId: string, duration: SilenceOption): string =>
  JSON.stringify({ incident_id: incidentId, for: duration });

/** The same choice as a button of its own. */
export const endSilenceValue = (incidentId: string): string =>
  JSON.stringify({ incident_id: incidentId, action: 'silence', for: 'end' satisfies SilenceOption });

/** Undefined for whatever no button of ours carries. The text came over the network: trust the incident id alone. */
export const parseButtonValue = (text: unknown): ButtonValue | undefined => {
  const { incident_id: incidentId, action, for: duration } = parseObject(text);
  if (!isIncidentId(incidentId)) return undefined;
  if (isKey(ACTION_IDS, action) && action !== 'silence') return { incidentId, action };
  const isSilence = action === undefined || action === 'silence';
  return isSilence && isKey(SILENCE_OPTIONS, duration) ? { incidentId, action: 'silence', duration } : undefined;
};

/** The `private_metadata` of a form. */
export const viewMetadata = (incidentId: string): string => JSON.stringify({ incident_id: incidentId });

/** The incident of a form; undefined for whatever no form of ours carries. */
export const parseViewIncident = (metadata: unknown): string | undefined => {
  const { incident_id: incidentId } = parseObject(metadata);
  return isIncidentId(incidentId) ? incidentId : undefined;
};

const isKey = <T extends object>(names: T, value: unknown): value is keyof T =>
  typeof value === 'string' && Object.hasOwn(names, value);

/** The object that a short text holds; an empty one where it holds none. */
const parseObject = (text: unknown): Readonly<Record<string, unknown>> => {
  if (typeof text !== 'string' || text.length > MAX_LENGTH) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
};
