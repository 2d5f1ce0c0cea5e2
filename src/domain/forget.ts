import type { IncidentThread, ThreadRecord } from './record.js';

const forget = (thread: IncidentThread): IncidentThread =>
  thread.delivery.rootTs === null
    ? thread
    : {
        ...thread,
        delivery: {
          ...thread.delivery,
          rootTs: null,
          // What is on its way goes to the old thread; the new one begins with everything that is not yet shown.
          claim: null,
          shownDigest: null,
          editedAt: null,
          epoch: thread.delivery.epoch + 1,
          lost: 'forgotten',
        },
      };

/** DELETE /cache: the next change of an open incident starts a new thread; incidents and work not yet shown stay. */
export const forgetThreads = (record: ThreadRecord): ThreadRecord => {
  const { adopt, ...rest } = record;
  const current = record.current && forget(record.current);
  const earlier = record.earlier.map(forget);
  const same = current === record.current && earlier.every((thread, i) => thread === record.earlier[i]);
  return adopt === undefined && same ? record : { ...rest, current, earlier, due: 0 };
};
