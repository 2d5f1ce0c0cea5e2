import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import type { ErrorKind } from '../domain/record.js';
import { SlackCallError } from './slack-call-error.js';

/**
 * What to do about each of Slack's error codes. A code that is not here is `unknown`.
 * https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
const KIND_OF_CODE: Readonly<Record<string, ErrorKind>> = {
  ratelimited: 'rate',
  rate_limited: 'rate',

  service_unavailable: 'transient',
  request_timeout: 'transient',
  team_added_to_org: 'transient',
  update_failed: 'transient',

  fatal_error: 'ambiguous',
  internal_error: 'ambiguous',

  invalid_blocks: 'payload',
  invalid_blocks_format: 'payload',
  msg_blocks_too_long: 'payload',
  msg_too_long: 'payload',
  invalid_attachments: 'payload',
  too_many_attachments: 'payload',
  attachment_payload_limit_exceeded: 'payload',
  no_text: 'payload',
  metadata_too_large: 'payload',

  cant_update_message: 'frozen',
  edit_window_closed: 'frozen',

  message_not_found: 'gone',
  thread_not_found: 'gone',
  cannot_reply_to_message: 'gone',

  channel_not_found: 'channel',
  not_in_channel: 'channel',
  is_archived: 'channel',
  ekm_access_denied: 'channel',

  invalid_auth: 'app',
  not_authed: 'app',
  account_inactive: 'app',
  token_revoked: 'app',
  token_expired: 'app',
  missing_scope: 'app',
};

/** Codes of connections that were never made: nothing can have reached Slack. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** A 429 without Retry-After: Slack's documented figures are all of this size. Milliseconds. */
const DEFAULT_RETRY_AFTER_MS = 30_000;

const kindOfCode = (code: string): ErrorKind => {
  const kind = KIND_OF_CODE[code];
  if (kind !== undefined) return kind;
  // One locked thread is no reason to give up on its channel.
  if (code === 'restricted_action_thread_locked') return 'unknown';
  return code.startsWith('restricted_action') ? 'channel' : 'unknown';
};

const ofPlatform = (method: string, cause: WebAPIPlatformError): SlackCallError => {
  const code = cause.data.error;
  // A 200 with something else than Slack's JSON: the SDK gives the whole body as the code.
  if (typeof code !== 'string' || !/^[a-z0-9_.]{1,80}$/.test(code)) {
    return new SlackCallError(method, 'ambiguous', 'unreadable_answer');
  }
  const kind = kindOfCode(code);
  const seconds = cause.data.response_metadata?.['retryAfter'];
  const retryAfterMs = typeof seconds === 'number' ? seconds * 1_000 : DEFAULT_RETRY_AFTER_MS;
  return new SlackCallError(method, kind, code, { cause, ...(kind === 'rate' ? { retryAfterMs } : {}) });
};

/** A gateway that gave up may have passed the message on; 503 and 529 say that nobody took it. */
const kindOfStatus = (method: string, status: number): ErrorKind => {
  if (status === 413) return 'payload';
  if (status === 503 || status === 529) return 'transient';
  if (status < 500 && status !== 408) return 'unknown';
  return method === 'chat.postMessage' ? 'ambiguous' : 'transient';
};

const ofHttp = (method: string, cause: WebAPIHTTPError): SlackCallError => {
  const { statusCode } = cause;
  const kind = kindOfStatus(method, statusCode);
  // No `cause`: it carries the answer's headers and body.
  return new SlackCallError(method, kind, `http_${statusCode}`);
};

/** The system's or undici's code, wherever fetch put it. */
const systemCode = (error: unknown, depth = 0): string | undefined => {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined;
  const { code, cause, errors, original } = error as Record<string, unknown>;
  if (typeof code === 'string' && !code.startsWith('slack_')) return code;
  const inner = [cause, original, ...(Array.isArray(errors) ? (errors as unknown[]) : [])];
  for (const one of inner) {
    const found = systemCode(one, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
};

const nameOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';

const isTimeOut = (error: unknown): boolean =>
  ['TimeoutError', 'AbortError'].includes(nameOf(error)) ||
  (error instanceof WebAPIRequestError && ['TimeoutError', 'AbortError'].includes(nameOf(error.original)));

const isTls = (code: string): boolean => /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code);

/** Says of anything that a call threw what to do next. */
export const errorOf = (method: string, error: unknown): SlackCallError => {
  if (error instanceof SlackCallError) return error;
  if (error instanceof WebAPIPlatformError) return ofPlatform(method, error);
  if (error instanceof WebAPIRateLimitedError) {
    return new SlackCallError(method, 'rate', 'ratelimited', { retryAfterMs: error.retryAfter * 1_000 });
  }
  if (error instanceof WebAPIHTTPError) return ofHttp(method, error);
  // The SDK throws a plain Error, known by its text alone, for a 429 that names no time.
  if (error instanceof Error && error.message.startsWith('Retry header did not contain a valid timeout')) {
    return new SlackCallError(method, 'rate', 'ratelimited', { retryAfterMs: DEFAULT_RETRY_AFTER_MS });
  }
  if (isTimeOut(error)) return new SlackCallError(method, 'ambiguous', 'time_out', { cause: error });
  const code = systemCode(error) ?? 'connection_lost';
  const kind = NEVER_SENT.has(code) || isTls(code) ? 'transient' : 'ambiguous';
  return new SlackCallError(method, kind, code, { cause: error });
};
