import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 25;

export interface EventuallyOptions {
  /** Default 60,000: a shared machine may be slow, and only a failure waits so long. */
  readonly timeoutMs?: number;
  /** Says what is there instead, for the message of the rejection. */
  readonly instead?: () => string;
}

/**
 * Resolves with the probe's first value that is neither undefined, null nor false. Rejects in time with what was
 * awaited; a probe that throws is asked again, and its last error is the rejection's cause.
 */
export const eventually = async <T>(
  what: string,
  probe: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  { timeoutMs = 60_000, instead = () => '' }: EventuallyOptions = {},
): Promise<T> => {
  const end = performance.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const value = await probe();
      if (value !== undefined && value !== null && value !== false) return value;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > end) throw new Error(`waited ${timeoutMs} ms for ${what}\n${instead()}`, { cause });
    await pause(LOOK_EVERY_MS);
  }
};
