import { errorOfFetch, unreadableAnswer } from './error-mapper.js';
import type { SilenceServer } from './silence-server.js';
import type { Answer } from './server-words.js';

/** Longest time from the request to the end of its answer, milliseconds: a person waits for it. */
const TIMEOUT_MS = 5_000;

/** Longest answer, bytes: 10,000 alerts of 3 kB each, and some. */
const MAX_ANSWER = 32 * 2 ** 20;

export interface HttpLimits {
  readonly timeoutMs?: number;
  readonly maxAnswerBytes?: number;
}

export interface SilenceRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the API's base, query included. */
  readonly path: string;
  readonly body?: unknown;
}

/** Requests to one server: what it answers, whatever the status, or a {@link SilenceError}. */
export class SilenceHttp {
  private readonly timeoutMs: number;
  private readonly maxBytes: number;

  constructor(
    private readonly server: SilenceServer,
    { timeoutMs = TIMEOUT_MS, maxAnswerBytes = MAX_ANSWER }: HttpLimits = {},
  ) {
    this.timeoutMs = timeoutMs;
    this.maxBytes = maxAnswerBytes;
  }

  async send({ method, path, body }: SilenceRequest): Promise<Answer> {
    const { api, authorization } = this.server;
    try {
      const response = await fetch(api + path, {
        method,
        headers: {
          accept: 'application/json',
          ...(authorization === null ? {} : { authorization }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'manual', // our credentials go to the configured address alone
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      return { status: response.status, text: await this.read(response) };
    } catch (error) {
      throw errorOfFetch(this.server, this.timeoutMs, error);
    }
  }

  private async read({ body }: Response): Promise<string> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > this.maxBytes) throw unreadableAnswer(this.server, 'too_large'); // leaving the loop ends the download
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString();
  }
}
