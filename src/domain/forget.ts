import type { IncidentThread, ThreadRecord } from './record.js';
import { startsAgain } from './thread-repairs.js';

const forget = (thread: IncidentThread): IncidentThread => {
  const { delivery } = thread;
  if (delivery.rootTs === null) return thread;
  return { ...thread, delivery: startsAgain(delivery, 'forgotten', delivery.lastError) };
};

/** DELETE /cache: the next change of an open incident starts a new thread; incidents and work not yet shown stay. */
export const forgetThreads = (record: ThreadRecord): ThreadRecord => {
  const { adopt, ...rest } = record;
  const current = record.current && forget(record.current);
  const earlier = record.earlier.map(forget);
  const same = current === record.current && earlier.every((thread, i) => thread === record.earlier[i]);
  return adopt === undefined && same ? record : { ...rest, current, earlier, due: 0 };
};
