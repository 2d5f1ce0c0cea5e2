import { REMEMBER_APPLIED_MS, type Transition } from './events.js';
import type { ThreadRecord } from './record.js';

/** Ids kept per record at most; the oldest go first. */
const MAX_APPLIED = 200;

/**
 * Applies what came from outside once: a repeat of an id within 10 minutes changes nothing, also after a restart, since
 * the ids are part of the same atomic change.
 */
export const once = (
  record: ThreadRecord,
  ids: readonly string[],
  now: number,
  apply: (record: ThreadRecord) => Transition,
): Transition => {
  const known = record.applied ?? [];
  if (known.some(({ id }) => ids.includes(id))) return { next: record, reason: 'already-applied' };
  const result = apply(record);
  if (ids.length === 0 || result.next.current === null) return result;
  // Noted where nothing changed as well: a copy may reach another replica, and the person is told once.
  const kept = known.filter(({ at }) => at + REMEMBER_APPLIED_MS > now);
  const applied = [...kept, ...ids.map((id) => ({ id, at: now }))].slice(-MAX_APPLIED);
  return { ...result, next: { ...result.next, applied } };
};
