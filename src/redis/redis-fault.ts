import { StoreUnavailableError } from '../thread-store/thread-store.js';

/** What the client says when there is no connection; it has no classes and no codes for it. */
const NO_CONNECTION =
  /^(Connection is closed|Stream isn't writeable|Cluster isn't ready|Reached the max retries|Command aborted|Socket timeout|Failed to refresh slots|None of startup nodes|Connection is in)/;
const SYSTEM_CODE = /\bE[A-Z]{4,}\b/;
const REDIS_CODE = /^[A-Z][A-Z_]+(?= |$)/;

/**
 * A fault's name, never an address or a password: Redis' own first word (`READONLY`, `LOADING`, `OOM`, `NOAUTH`, …), the
 * system's code (`ECONNREFUSED`, …), `time_out`, or `connection` where nobody knows better.
 */
export const faultCode = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown';
  const { code, lastNodeError } = error as Error & { code?: unknown; lastNodeError?: unknown };
  if (lastNodeError instanceof Error) return faultCode(lastNodeError);
  if (typeof code === 'string' && code !== '') return code;
  if (error.message === 'Command timed out') return 'time_out';
  if (/^ERR max number of clients/.test(error.message)) return 'MAXCLIENTS';
  const sentinel = /^failed to connect to sentinel .* because (NOAUTH|WRONGPASS|NOPERM)\b/.exec(error.message)?.[1];
  if (sentinel !== undefined) return `sentinel-${sentinel}`;
  if (/^(connected to|failed to connect to) sentinel .*(invalid reply|No such master)/.test(error.message))
    return 'sentinel-knows-no-such-master';
  if (NO_CONNECTION.test(error.message)) return 'connection';
  return REDIS_CODE.exec(error.message)?.[0] ?? SYSTEM_CODE.exec(error.message)?.[0] ?? 'connection';
};

/** The store's error for a failed command. @param known why Redis is away, where the connection knows it better */
export const redisFault = (action: string, cause: unknown, known: string | null = null): StoreUnavailableError => {
  if (cause instanceof StoreUnavailableError) return cause;
  const code = faultCode(cause);
  const best = code === 'connection' && known !== null ? known : code;
  return new StoreUnavailableError(`${action}: Redis can't do it now (${best})`, best, { cause });
};
