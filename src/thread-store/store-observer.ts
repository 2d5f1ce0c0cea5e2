import type { ThreadRecord } from '../domain/record.js';

export const STORE_OPERATIONS = [
  'update',
  'get',
  'find',
  'incident',
  'pending',
  'archive',
  'prune',
  'list',
  'counts',
  'overview',
  'threads',
  'clear',
  'ping',
] as const;
export type StoreOperation = (typeof STORE_OPERATIONS)[number];

/** Is told what the store does, by the process that asks for it. */
export abstract class StoreObserver {
  /** Milliseconds of a clock that never jumps. */
  abstract now(): number;

  /** @param startedAt as {@link now} said then */
  abstract ended(operation: StoreOperation, startedAt: number, error?: unknown): void;

  /** A record was changed, and the change is durable. */
  abstract changed(before: ThreadRecord, after: ThreadRecord): void;
}
