import type { Rules } from '../domain/events.js';
import type { Config } from './config.js';

/** The settings that the domain's rules depend on. */
export const rulesOf = ({ environment, reopenWindowMs, repeatReplies, repeatIntervalMs }: Config): Rules => ({
  environment,
  reopenWindowMs,
  repeatReplies,
  repeatIntervalMs,
});
