import { ownValue } from '../domain/own-value.js';
import { errorOf } from './error-mapper.js';

/** Why there is no connection, or none any more. */
export interface ConnectionFault {
  /** Slack's code (`invalid_auth`), or ours (`no_hello`, `http_500`, `ECONNREFUSED`, `closed`). */
  readonly code: string;
  /** Milliseconds to wait at least, where Slack said so. */
  readonly retryAfterMs: number;
}

export const fault = (code: string, retryAfterMs = 0): ConnectionFault => ({ code, retryAfterMs });

/** The other side closed it, and there is no error that says why. */
const CLOSED = fault('closed');

/** No hello within the time that it may take. */
export const NO_HELLO = fault('no_hello');

/** The socket answers no pings, or hangs in its closing handshake: nothing can be sent or received over it. */
export const STALLED = fault('stalled');

/** Slack asks for a refresh as soon as it has said hello. */
export const QUICK_REFRESH = fault('quick_refresh');

/** Says of anything that the SDK throws, rejects with or emits what to call it. The SDK also rejects with nothing. */
export const faultOf = (error: unknown): ConnectionFault => {
  if (error === undefined || error === null) return CLOSED;
  const { code, retryAfterMs } = errorOf('apps.connections.open', error);
  return fault(code, retryAfterMs ?? 0);
};

/** The reasons of a `disconnect` message after which a new connection will not do better at once. */
const REFUSALS: ReadonlySet<string> = new Set(['link_disabled', 'too_many_websockets']);

/** What a `disconnect` message means: null for a planned refresh (`warning`, `refresh_requested`, what comes next). */
export const refusalOf = (reason: string): ConnectionFault | null => (REFUSALS.has(reason) ? fault(reason) : null);

const ADVICE: Readonly<Record<string, string>> = {
  invalid_auth: 'check SLACK_APP_TOKEN',
  not_authed: 'check SLACK_APP_TOKEN',
  token_revoked: 'check SLACK_APP_TOKEN: the token was revoked',
  token_expired: 'check SLACK_APP_TOKEN: the token has expired',
  account_inactive: 'check SLACK_APP_TOKEN: the app was removed from the workspace',
  not_allowed_token_type: 'SLACK_APP_TOKEN must be an app-level token (xapp-…)',
  missing_scope: 'SLACK_APP_TOKEN needs the scope connections:write',
  link_disabled: "enable Socket Mode in the app's settings at https://api.slack.com/apps",
  too_many_websockets: 'Slack allows 10 connections per app: stop other processes that use the same SLACK_APP_TOKEN',
};

/** What an operator can do about it; undefined where waiting is all. */
export const adviceOn = (code: string): string | undefined => ownValue(ADVICE, code);
