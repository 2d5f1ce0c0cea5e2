import { Catch, HttpException, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { AppLogger } from '../logging/logger.js';
import { excerpt } from '../domain/excerpt.js';
import { StoreUnavailableError } from '../thread-store/thread-store.js';
import { BusyError } from './busy-error.js';
import { errorAnswer } from './error-answer.js';
import { httpStatusOf } from './http-status.js';

/** Seconds until a sender should try again when the store takes nothing. */
const STORE_RETRY_AFTER = '5';
const MAX_ERROR = 8_000;
const MAX_LOGGED = 300;
const MAX_LOGGED_PATH = 1_000;
const MAX_PATH = 100;

const textOf = (exception: HttpException): string => {
  const answer = exception.getResponse();
  const message = typeof answer === 'string' ? answer : (answer as { message?: unknown }).message;
  // Several checks of one field have one text.
  if (Array.isArray(message)) return [...new Set(message)].join('; ');
  return typeof message === 'string' ? message : exception.message;
};

const noSuchCall = ({ method, path }: Request): string =>
  `there is no ${method} ${excerpt(path, MAX_PATH)}; alerts go to POST /alert, and GET /docs lists every call`;

/** What people read of it. */
const told = (exception: unknown, request: Request): string => {
  if (exception instanceof StoreUnavailableError) {
    return `the store takes nothing at the moment (${exception.code}); try again`;
  }
  if (!(exception instanceof HttpException)) return 'an error of ours; the log says more';
  if (exception instanceof NotFoundException && request.route === undefined) return noSuchCall(request);
  return excerpt(textOf(exception), MAX_ERROR);
};

const retryAfter = (exception: unknown): string | undefined => {
  if (exception instanceof StoreUnavailableError) return STORE_RETRY_AFTER;
  return exception instanceof BusyError ? String(exception.retryAfterS) : undefined;
};

/** Answers whatever was thrown as an {@link ErrorAnswer}. What is our own fault is logged and not told. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly logger: AppLogger) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const statusCode = httpStatusOf(exception);
    const error = told(exception, request);
    const seconds = retryAfter(exception);
    const where = { method: request.method, path: excerpt(request.path, MAX_LOGGED_PATH), statusCode };
    if (statusCode >= 500 && !(exception instanceof BusyError))
      this.logger.error({ ...where, err: exception }, 'request failed');
    else this.logger.warn({ ...where, error: excerpt(error, MAX_LOGGED) }, 'request refused');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (seconds !== undefined) response.setHeader('Retry-After', seconds);
    response.status(statusCode).json(errorAnswer(statusCode, error));
  }
}
