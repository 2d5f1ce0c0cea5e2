import { BadRequestException, PayloadTooLargeException, type HttpException } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BodyBudget } from './body-budget.js';
import { BodyBuffer } from './body-buffer.js';
import { BusyError } from './busy-error.js';
import { FREE_CHUNKS, MB, MIN_CHUNK_BYTES } from './http-limits.js';

const FULL = 'other request bodies take all the memory that there is for them; try again';
const SMALL_CHUNKS = `the body comes in chunks of less than ${MIN_CHUNK_BYTES} bytes`;

/** In bytes; undefined where the body is chunked. */
const declaredLength = ({ headers }: IncomingMessage): number | undefined =>
  headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : undefined;

export interface BodyOptions {
  readonly budget: BodyBudget;
  /** A longer body is refused with 413. */
  readonly limitMb: number;
}

/**
 * Reads a body as a whole. Its part of the budget is given back when the request has been answered, or when the body is
 * refused; what is refused is not kept.
 * @param done called once, with the body or with why there is none
 */
export const readBody = (
  request: IncomingMessage,
  response: ServerResponse,
  { budget, limitMb }: BodyOptions,
  done: (error: HttpException | undefined, bytes: Buffer) => void,
): void => {
  const limit = limitMb * MB;
  const declared = declaredLength(request);
  const buffer = new BodyBuffer(declared, limit);
  let chunks = 0;
  let received = 0;
  let settled = false;
  const settle = (error?: HttpException): void => {
    if (settled) return;
    settled = true;
    if (error !== undefined) hold?.release();
    done(error, buffer.take());
  };
  /** The sender reads our answer only when it has sent everything: so it may, until requestTimeout. */
  const refuse = (error: HttpException): void => {
    request.resume();
    settle(error);
  };
  /** Without waiting for a rest that may never come. */
  const close = (error: HttpException): void => {
    if (!settled) response.setHeader('Connection', 'close');
    refuse(error);
  };
  const tooLarge = (): HttpException => new PayloadTooLargeException(`the body is larger than ${limitMb} MB`);

  const isTooLarge = declared !== undefined && declared > limit;
  const hold = isTooLarge ? undefined : budget.open(declared ?? 0, close);
  if (hold === undefined) {
    refuse(isTooLarge ? tooLarge() : new BusyError(FULL));
    return;
  }
  if (response.hasHeader('Connection')) response.removeHeader('Connection'); // see closeUnread
  if (request.headers.expect !== undefined) response.writeContinue();
  response.once('close', () => {
    hold.release();
  });
  request.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (++chunks > FREE_CHUNKS && received < chunks * MIN_CHUNK_BYTES) {
      if (!settled) close(new BadRequestException(SMALL_CHUNKS));
      else if (response.writableEnded) request.destroy();
    }
    if (settled) return;
    const capacity = buffer.capacityFor(received);
    if (received > limit) refuse(tooLarge());
    else if (capacity > hold.bytes && !hold.grow(capacity)) refuse(new BusyError(FULL));
    else buffer.append(chunk);
  });
  request.on('end', () => {
    hold.arrived();
    settle();
  });
  request.on('error', () => {
    settle(new BadRequestException('the body broke off'));
  });
};
