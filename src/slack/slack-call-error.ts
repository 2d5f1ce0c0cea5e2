import type { ErrorKind } from '../domain/record.js';

/** A call to Slack failed. `kind` says what to do next; it is decided in one place, `errorOf`. */
export class SlackCallError extends Error {
  constructor(
    readonly method: string,
    readonly kind: ErrorKind,
    /** Slack's error code (`channel_not_found`), or ours (`http_500`, `time_out`, `ECONNREFUSED`). */
    readonly code: string,
    options?: ErrorOptions & {
      /** Milliseconds to wait, where Slack said so. */
      readonly retryAfterMs?: number;
      readonly says?: readonly string[];
    },
  ) {
    super(`${method}: ${code}`, options);
    this.name = 'SlackCallError';
    this.retryAfterMs = options?.retryAfterMs ?? null;
    this.says = options?.says;
  }

  readonly retryAfterMs: number | null;
  /** What Slack finds wrong with what was sent, and where: for the log. Bounded. */
  readonly says: readonly string[] | undefined;
}
