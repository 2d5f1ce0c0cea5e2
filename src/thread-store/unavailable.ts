import { codeOf, messageOf } from './disk.js';
import { StoreUnavailableError } from './thread-store.js';

/** The store's error for a system call that failed; one of our own goes through as it is. */
export const unavailable = (action: string, cause: unknown): StoreUnavailableError =>
  cause instanceof StoreUnavailableError
    ? cause
    : new StoreUnavailableError(`${action}: ${messageOf(cause)}`, codeOf(cause) ?? 'unknown', { cause });
