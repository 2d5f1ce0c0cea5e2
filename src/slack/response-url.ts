import { SlackCallError } from './slack-call-error.js';
import { errorOf } from './error-mapper.js';
import { fieldsOf } from '../wire/json.js';

/** Milliseconds. */
const TIMEOUT_MS = 5_000;
/** Slack's answer to a refusal is a line; a proxy's may be anything, without an end too. Bytes. */
const MOST_READ = 1_000;
const METHOD = 'response_url';

/** `hooks.slack.com`, of GovSlack `hooks.slack-gov.com`; no port but 443. */
const SLACK_HOST = /^([a-z0-9-]+\.)*slack(-gov)?\.com$/;

/**
 * Whether to post there: to Slack over https, or where the Web API is. The URL comes with a click, and is a secret: it
 * posts for us. Any other address would have the service call it (SSRF), and read who clicked what.
 */
export const isResponseUrl = (url: string, apiUrl: string): boolean => {
  if (!URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  if (username !== '' || password !== '') return false;
  const api = new URL(apiUrl);
  if (protocol !== 'https:' && protocol !== api.protocol) return false;
  return host === api.host || (protocol === 'https:' && SLACK_HOST.test(host));
};

/** The beginning of an answer. Leaving the loop ends the download. */
const beginningOf = async ({ body }: Response): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MOST_READ) break;
  }
  return Buffer.concat(chunks).subarray(0, MOST_READ).toString();
};

/** Slack's refusal; undefined for its consent, and for what is not Slack's JSON. */
const refusalIn = (body: string): string | undefined => {
  try {
    const { ok, error } = fieldsOf(JSON.parse(body));
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
    body = await beginningOf(response);
  } catch (error) {
    const { kind, code } = errorOf(METHOD, error);
    throw new SlackCallError(METHOD, kind, code); // no cause: it may name the URL
  }
  const refusal = refusalIn(body);
  if (response.ok && refusal === undefined) return;
  const kind = response.status >= 500 ? 'transient' : 'unknown';
  throw new SlackCallError(METHOD, kind, refusal ?? `http_${response.status}`);
};
