import { fieldsOf, itemsOf, textOf } from '../wire/json.js';
import type { Matcher } from '../domain/matcher.js';
import type { SilenceDraft, SilenceState, SourceAlert } from './silence-client.js';

/*
 * Alertmanager's API v2 in our words: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml.
 * Readers take `unknown` and give undefined for what is not as documented; fields that we don't know are left out.
 */

const STATES: readonly unknown[] = ['pending', 'active', 'expired'] satisfies SilenceState['state'][];

const timeOf = (value: unknown): number => (typeof value === 'string' ? Date.parse(value) : NaN);

/** A list where each item can be read; undefined where one can't, lest something seem to be gone. */
export const readList = <T>(value: unknown, read: (item: unknown) => T | undefined): readonly T[] | undefined => {
  if (!Array.isArray(value)) return undefined;
  const items = value.map(read);
  return items.every((item) => item !== undefined) ? items : undefined;
};

const readMatcher = (value: unknown): Matcher => {
  const { name, value: text, isRegex, isEqual } = fieldsOf(value);
  // Alertmanager before 0.22 knows no isEqual.
  return { name: textOf(name), value: textOf(text), isRegex: isRegex === true, isEqual: isEqual !== false };
};

export const readSilence = (value: unknown): SilenceState | undefined => {
  const { id, status, matchers, startsAt, endsAt, createdBy, comment } = fieldsOf(value);
  const { state } = fieldsOf(status);
  const [begin, end] = [timeOf(startsAt), timeOf(endsAt)];
  if (textOf(id) === '' || !STATES.includes(state) || Number.isNaN(begin) || Number.isNaN(end)) return undefined;
  return {
    id: textOf(id),
    state: state as SilenceState['state'],
    matchers: itemsOf(matchers).map(readMatcher),
    startsAt: begin,
    endsAt: end,
    createdBy: textOf(createdBy),
    comment: textOf(comment),
  };
};

export const readAlert = (value: unknown): SourceAlert | undefined => {
  const { fingerprint, labels, status } = fieldsOf(value);
  const entries = Object.entries(fieldsOf(labels));
  if (textOf(fingerprint) === '' || entries.length === 0) return undefined;
  return {
    fingerprint: textOf(fingerprint),
    labels: Object.fromEntries(entries.map(([name, text]) => [name, textOf(text)])),
    silencedBy: itemsOf(fieldsOf(status)['silencedBy']).map(textOf),
  };
};

export const readSilenceId = (value: unknown): string | undefined => textOf(fieldsOf(value)['silenceID']) || undefined;

export const readStart = (value: unknown): number | undefined => {
  const start = timeOf(fieldsOf(value)['uptime']);
  return Number.isNaN(start) ? undefined : start;
};

/**
 * What to post for a draft. A silence that runs is changed in place only where its start stays as it is; one that has
 * ended, or that the server does not know, is made anew.
 *
 * @param known the draft's silence as the server has it
 */
export const postableSilence = (draft: SilenceDraft, known: SilenceState | undefined): Record<string, unknown> => {
  const lives = known !== undefined && known.state !== 'expired';
  const startsAt = known?.state === 'active' ? known.startsAt : draft.startsAt;
  return {
    ...(lives ? { id: known.id } : {}),
    matchers: draft.matchers.map(({ name, value, isRegex, isEqual }) => ({ name, value, isRegex, isEqual })),
    startsAt: new Date(startsAt).toISOString(),
    endsAt: new Date(draft.endsAt).toISOString(),
    createdBy: draft.createdBy,
    comment: draft.comment,
  };
};
