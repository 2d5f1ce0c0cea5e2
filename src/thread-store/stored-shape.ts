/**
 * What a stored record has to look like, so that indexes, rules and cards can be made of it. Somebody may have edited it
 * by hand. Fields that are not named here are left to newer versions.
 */

type Check = (value: unknown) => boolean;
export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
/** A count, or a time in epoch milliseconds. `1e400` in JSON is infinite. */
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);

const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const pairOf =
  (first: Check, second: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length === 2 && first(value[0]) && second(value[1]);
const mapOf =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check);
const shape = (fields: Readonly<Record<string, Check>>): Check => {
  const checks = Object.entries(fields);
  return (value) => {
    if (!isObject(value)) return false;
    // eslint-disable-next-line own-values/by-name -- the names below, none of which every object has
    for (const [name, check] of checks) if (!check(value[name])) return false;
    return true;
  };
};

const actor = shape({ kind: text, id: text });

const alert = shape({
  fingerprint: text,
  status: oneOf('firing', 'resolved'),
  labels: mapOf(text),
  annotations: mapOf(text),
  startsAt: number,
  endsAt: orNull(number),
  lastSeenAt: number,
  resolvedAt: orAbsent(number),
  parkedUntil: orAbsent(number),
  links: orAbsent(mapOf(text)),
});

const matcher = shape({ name: text, value: text, isRegex: flag, isEqual: flag });

const crowd = shape({
  firing: number,
  resolved: number,
  startsAt: number,
  severities: listOf(pairOf(text, number)),
  unfollowed: orAbsent(number),
});

const fold = shape({ alertname: text, problems: number, values: listOf(pairOf(text, listOf(text))) });

const incident = shape({
  id: text,
  key: text,
  environment: text,
  status: oneOf('firing', 'acknowledged', 'resolved'),
  severity: text,
  lead: text,
  alerts: listOf(alert),
  crowd: orAbsent(crowd),
  fold: orAbsent(fold),
  resolvedBefore: number,
  openedAt: number,
  acknowledged: orNull(shape({ by: actor, at: number })),
  resolved: orNull(
    shape({
      by: orNull(actor),
      at: number,
      endsAt: orAbsent(number),
      actionTaken: orAbsent(text),
      rootCause: orAbsent(text),
    }),
  ),
  silence: orNull(shape({ id: text, server: text, until: number, by: actor })),
  silencing: orAbsent(
    shape({ id: text, server: text, by: actor, at: number, until: number, matchers: listOf(matcher), comment: text }),
  ),
  mutedUntil: orAbsent(number),
  truncated: number,
  reopened: number,
  repeatedAt: orNull(number),
});

const entry = shape({
  n: number,
  at: number,
  kind: text,
  actor: orAbsent(actor),
  loud: flag,
  count: number,
  alerts: listOf(text),
  names: orAbsent(listOf(text)),
  from: orAbsent(text),
  stillFiring: orAbsent(number),
  until: orAbsent(number),
  note: orAbsent(text),
});

const claim = shape({
  id: text,
  call: text,
  first: number,
  last: number,
  digest: orNull(text),
  owner: text,
  at: number,
  takenAt: orAbsent(number),
  endedAt: orAbsent(number),
  looked: orAbsent(number),
});

const delivery = shape({
  rootTs: orNull(text),
  epoch: number,
  shownDigest: orNull(text),
  shownEntry: number,
  claim: orNull(claim),
  attempts: number,
  nextTryAt: orNull(number),
  lastError: orNull(shape({ kind: text, code: text, at: number })),
  editedAt: orNull(number),
  editAgainAt: orAbsent(number),
  edits: orAbsent(shape({ attempts: number, nextTryAt: number })),
  cardRetryAt: orAbsent(number),
  movedFrom: orAbsent(shape({ channel: text, code: text })),
  doubts: orAbsent(listOf(shape({ id: text, call: text, claimedAt: number, lookAt: number }))),
  strays: orAbsent(listOf(text)),
  turn: orAbsent(shape({ owner: text, at: number })),
});

/** An incident with its thread. */
export const isThread = shape({
  incident,
  channel: text,
  timeline: shape({ last: number, entries: listOf(entry) }),
  delivery,
  reactions: orAbsent(shape({ ts: text, seen: listOf(text) })),
});

export const isRecord = shape({
  key: text,
  channel: text,
  version: number,
  due: orNull(number),
  current: orNull(isThread),
  earlier: listOf(isThread),
  closed: mapOf(shape({ startsAt: number, at: number, by: text })),
  adopt: orAbsent(text),
  applied: orAbsent(listOf(shape({ id: text, at: number }))),
});
