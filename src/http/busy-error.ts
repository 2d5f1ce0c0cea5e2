import { ServiceUnavailableException } from '@nestjs/common';
import { BUSY_RETRY_AFTER_S } from './http-limits.js';

/** Refused for load: 503 with Retry-After. Not 408 or 429, because Alertmanager retries what is answered 5xx alone. */
export class BusyError extends ServiceUnavailableException {
  readonly retryAfterS = BUSY_RETRY_AFTER_S;
}
