import { HttpException } from '@nestjs/common';
import { StoreUnavailableError } from '../thread-store/thread-store.js';

/** The status with which what was thrown is answered (ErrorFilter). */
export const statusOf = (error: unknown): number => {
  if (error instanceof StoreUnavailableError) return 503;
  return error instanceof HttpException ? error.getStatus() : 500;
};
