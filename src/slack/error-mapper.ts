import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { textsOf } from '../wire/json.js';
import { isNeverSent, isTimeOut, systemCode } from '../wire/network-fault.js';
import { excerpt } from '../domain/excerpt.js';
import { ownValue } from '../domain/own-value.js';
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

/** A 429 without Retry-After: Slack's documented figures are all of this size. Milliseconds. */
const DEFAULT_RETRY_AFTER_MS = 30_000;

/** Of what Slack says about a refused payload. It names the place of a fault, and rarely more than one. */
const MAX_SAID = 5;
const MAX_SAID_LENGTH = 300;

/** `[ERROR] must be … [json-pointer:/blocks/1/text]`, without the first word. */
const saidOf = (messages: unknown): { says?: readonly string[] } => {
  const says = textsOf(messages).slice(0, MAX_SAID);
  if (says.length === 0) return {};
  return { says: says.map((text) => excerpt(text.replace(/^\[ERROR\] */, ''), MAX_SAID_LENGTH)) };
};

const kindOfCode = (code: string): ErrorKind => {
  const kind = ownValue(KIND_OF_CODE, code);
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
  const says = saidOf(cause.data.response_metadata?.messages);
  const retryAfterMs = typeof seconds === 'number' ? seconds * 1_000 : DEFAULT_RETRY_AFTER_MS;
  return new SlackCallError(method, kind, code, { cause, ...says, ...(kind === 'rate' ? { retryAfterMs } : {}) });
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
  const kind = isNeverSent(code) ? 'transient' : 'ambiguous';
  return new SlackCallError(method, kind, code, { cause: error });
};
