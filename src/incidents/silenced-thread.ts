import type { IncidentThread, ThreadRecord } from '../domain/record.js';

/** A record whose silence is looked after, with its current thread. */
export interface SilencedThread {
  readonly record: ThreadRecord;
  readonly thread: IncidentThread;
}
