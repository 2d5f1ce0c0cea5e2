import { BadRequestException, PayloadTooLargeException, UnsupportedMediaTypeException } from '@nestjs/common';
import type { Request } from 'express';
import { isJsonType } from './json-type.js';

const MB = 1_048_576;

/** V8 quotes what stands around the fault, which may be a part of a token: `Unexpected token 'x', ..."xoxb-…"... is not valid JSON`. */
const withoutSnippet = (message: string): string => message.replace(/, (\.{3})?".*"(\.{3})? is not valid JSON$/s, '');

const parse = (chunks: readonly Buffer[]): unknown => {
  const bytes = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  if (bytes.length === 0) return undefined;
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf; // byte order mark
  try {
    return JSON.parse(bytes.toString('utf8', marked ? 3 : 0)) as unknown;
  } catch (error) {
    throw new BadRequestException(`the body is no JSON: ${withoutSnippet((error as Error).message)}`, { cause: error });
  }
};

/**
 * Reads a JSON body (UTF-8, not compressed) into `request.body`; undefined where there is none, or where it isn't said
 * to be JSON. Ours, since Express' takes a third of the time of a webhook for charsets and compression that no sender uses.
 * @param limitMb a longer body is refused with 413, without being kept
 */
export const jsonBody = (limitMb: number) => {
  const limit = limitMb * MB;
  const tooLarge = (): Error => new PayloadTooLargeException(`the body is larger than ${limitMb} MB`);

  return (request: Request, _response: unknown, next: (error?: unknown) => void): void => {
    const { headers } = request;
    request.body = undefined;
    if (!isJsonType(headers['content-type'])) {
      next();
      return;
    }
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      next(new UnsupportedMediaTypeException('send the body without Content-Encoding'));
      return;
    }
    if (Number(headers['content-length'] ?? 0) > limit) {
      request.resume(); // the sender may read our answer only when it has sent everything
      next(tooLarge());
      return;
    }
    let chunks: Buffer[] = [];
    let length = 0;
    let settled = false;
    const settle = (error?: unknown): void => {
      if (settled) return;
      settled = true;
      next(error);
    };
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (settled) return;
      if (length <= limit) {
        chunks.push(chunk);
        return;
      }
      chunks = [];
      settle(tooLarge());
    });
    request.on('end', () => {
      if (settled) return;
      try {
        request.body = parse(chunks);
      } catch (error) {
        settle(error);
        return;
      }
      settle();
    });
    request.on('error', () => {
      settle(new BadRequestException('the body broke off'));
    });
  };
};
