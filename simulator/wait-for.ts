export interface WaitOptions {
  /** Default 60,000: a busy machine may be slow, and only a failure waits so long. */
  timeoutMs?: number;
  /** What is awaited, for the message of the rejection. */
  what?: string;
}

/** For conditions that no change of the workspace announces. */
const POLL_MS = 25;

/**
 * Resolves with the probe's first value that is neither undefined nor false. A probe that throws is asked again:
 * its last error becomes the cause of the rejection.
 */
export function waitFor<T>(
  probe: () => T | undefined | false,
  subscribe: (listener: () => void) => () => void,
  describe: () => string,
  { timeoutMs = 60_000, what = 'a condition' }: WaitOptions = {},
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let cause: unknown;
    let isDone = false;
    const finish = (): void => {
      isDone = true;
      clearTimeout(timer);
      clearInterval(poll);
      unsubscribe();
    };
    const check = (): void => {
      if (isDone) return;
      try {
        const value = probe();
        if (value === undefined || value === false) return;
        finish();
        resolve(value);
      } catch (error) {
        cause = error;
      }
    };
    const unsubscribe = subscribe(check);
    const poll = setInterval(check, POLL_MS);
    const timer = setTimeout(() => {
      check();
      if (isDone) return;
      finish();
      reject(new Error(`waited ${timeoutMs} ms for ${what}\n${describe()}`, { cause }));
    }, timeoutMs);
    check();
  });
}
