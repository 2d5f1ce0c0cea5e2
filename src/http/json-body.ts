import { BadRequestException, UnsupportedMediaTypeException } from '@nestjs/common';
import type { Request, Response } from 'express';
import { jsonExcess } from './json-shape.js';
import { isJsonType } from './json-type.js';
import { readBody, type BodyOptions } from './read-body.js';

/** V8 quotes what stands around the fault, which may be a part of a token: `Unexpected token 'x', ..."xoxb-…"... is not valid JSON`. */
const withoutSnippet = (message: string): string => message.replace(/, (\.{3})?".*"(\.{3})? is not valid JSON$/s, '');

const parse = (bytes: Buffer): unknown => {
  if (bytes.length === 0) return undefined;
  const excess = jsonExcess(bytes);
  if (excess !== undefined) throw new BadRequestException(excess);
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
 */
export const jsonBody =
  (options: BodyOptions) =>
  (request: Request, response: Response, next: (error?: unknown) => void): void => {
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
    readBody(request, response, options, (refusal, bytes) => {
      try {
        if (refusal !== undefined) throw refusal;
        request.body = parse(bytes);
      } catch (error) {
        next(error);
        return;
      }
      next();
    });
  };
