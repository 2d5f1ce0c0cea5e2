import type { Clock } from '../clock/clock.js';

/** The promise's outcome, or a failure if it takes longer than `ms`. What was started goes on. */
export const within = async <T>(clock: Clock, ms: number, work: Promise<T>): Promise<T> => {
  let cancel = (): void => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    cancel = clock.after(ms, () => {
      reject(new Error(`no answer within ${ms} ms`));
    });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    cancel();
  }
};
