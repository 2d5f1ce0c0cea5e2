import { SlackCallError } from './slack-call-error.js';
import { errorOf } from './error-mapper.js';
import { fieldsOf } from '../wire/json.js';

/** Milliseconds. */
const TIMEOUT_MS = 5_000;
/** Slack's answer to a refusal is a line; a proxy's may be anything. Characters. */
const MOST_READ = 1_000;
const METHOD = 'response_url';

/** Whether to post there: https, or where the Web API is. The URL comes with a click, and is a secret: it posts for us. */
export const isResponseUrl = (url: string, apiUrl: string): boolean => {
  if (!URL.canParse(url)) return false;
  const { protocol, origin } = new URL(url);
  return protocol === 'https:' || origin === new URL(apiUrl).origin;
};

/** Slack's refusal; undefined for its consent, and for what is not Slack's JSON. */
const refusalIn = (body: string): string | undefined => {
  try {
    const { ok, error } = fieldsOf(JSON.parse(body.slice(0, MOST_READ)));
    if (ok !== false) return undefined;
    return typeof error === 'string' && /^[a-z0-9_]{1,80}$/.test(error) ? error : 'unreadable_answer';
  } catch {
    return undefined;
  }
};

/**
 * Shows the text to the person who clicked, and leaves the message as it is. Throws a {@link SlackCallError} without
 * the URL. https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 */
export const postToResponseUrl = async (url: string, words: string): Promise<void> => {
  let response: Response;
  let body: string;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ response_type: 'ephemeral', replace_original: false, text: words }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    body = await response.text();
  } catch (error) {
    const { kind, code } = errorOf(METHOD, error);
    throw new SlackCallError(METHOD, kind, code); // no cause: it may name the URL
  }
  const refusal = refusalIn(body);
  if (response.ok && refusal === undefined) return;
  const kind = response.status >= 500 ? 'transient' : 'unknown';
  throw new SlackCallError(METHOD, kind, refusal ?? `http_${response.status}`);
};
