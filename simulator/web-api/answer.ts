import type { JsonObject } from '../json.js';

/** What goes over the wire for one call. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: JsonObject;
}

/** A refusal in Slack's shape: HTTP 200 with `ok: false`. */
export class SlackError extends Error {
  constructor(
    readonly code: string,
    /** Hints as Slack gives them for a refused payload: `must be … [json-pointer:/blocks/0]`. */
    readonly hints: readonly string[] = [],
    readonly extra: JsonObject = {},
  ) {
    super(code);
  }

  toReply(): Reply {
    const body: JsonObject = { ok: false, error: this.code, ...this.extra };
    if (this.hints.length > 0) {
      body.errors = this.hints;
      body.response_metadata = { messages: this.hints.map((hint) => `[ERROR] ${hint}`) };
    }
    return { status: 200, headers: {}, body };
  }
}

/** HTTP 429; a Retry-After of null leaves the header out, as proxies do. */
export function rateLimited(retryAfter: number | null): Reply {
  const headers: Record<string, string> = retryAfter === null ? {} : { 'retry-after': String(retryAfter) };
  return { status: 429, headers, body: { ok: false, error: 'ratelimited' } };
}

export function accepted(body: JsonObject): Reply {
  return { status: 200, headers: {}, body: { ok: true, ...body } };
}
