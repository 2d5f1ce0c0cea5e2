import { HttpException } from '@nestjs/common';
import { StoreUnavailableError } from '../thread-store/thread-store.js';

/** The status with which what was thrown is answered. What is no refusal of ours is a fault of ours. */
export const httpStatusOf = (thrown: unknown): number => {
  if (thrown instanceof StoreUnavailableError) return 503;
  return thrown instanceof HttpException ? thrown.getStatus() : 500;
};
