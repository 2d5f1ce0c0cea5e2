import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../config/secret.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares a given text with the secret in a time that tells nothing about either, their lengths included. */
export const secretMatcher = (secret: Secret): ((given: string) => boolean) => {
  const wanted = digest(secret.reveal());
  return (given) => timingSafeEqual(digest(given), wanted);
};
