import type { Cluster, Redis } from 'ioredis';
import type { StoreUnavailableError } from '../thread-store/thread-store.js';

/** How many milliseconds a start waits for Redis: to be reached, and then to do what the start needs. */
export const START_WITHIN_MS = 10_000;

/** A script that Redis runs as one step. */
export interface RedisScript {
  /** Unique among scripts; letters only. */
  readonly name: string;
  readonly lua: string;
  /** How many of the arguments are keys; all of them must be in one slot of a cluster. */
  readonly keys: number;
}

export interface RedisStatus {
  /** `connected`, or why not: `connecting`, `reconnecting`, `closed`. */
  readonly state: 'connected' | 'connecting' | 'reconnecting' | 'closed';
  /** The last fault's code (`ECONNREFUSED`, `NOAUTH`, `READONLY`, `time_out`); null when connected. Never an address or a password. */
  readonly error: string | null;
}

/**
 * The process' connection to Redis: one node, a master found by Sentinel, or a Cluster. Everything of ours in Redis
 * goes through it. Commands fail fast while Redis is away, so that nobody waits for it.
 */
export abstract class RedisConnection {
  /** Commands as ioredis has them. They reject within a second while Redis is away. */
  abstract readonly client: Redis | Cluster;

  /** Redis' clock, epoch milliseconds: what the replicas have in common. Asked for now and then, estimated in between. */
  abstract now(): number;

  /** Runs a script. @throws {StoreUnavailableError} Redis is away or refuses */
  abstract run(script: RedisScript, ...args: readonly (string | number)[]): Promise<unknown>;

  /** Hears what `publish` sends on this channel, over reconnects; what is sent meanwhile is missed. */
  abstract subscribe(channel: string, listener: (message: string) => void): Promise<void>;

  /** Fire and forget: who needs to know of a loss looks by itself. */
  abstract publish(channel: string, message: string): void;

  /** Called each time it is connected after it was not, also after a change of master. */
  abstract onReconnect(listener: () => void): void;

  /** Called each time another server answers than before, which may lack the last changes: a fail-over. */
  abstract onNewMaster(listener: () => void): void;

  abstract status(): RedisStatus;

  /** The servers that take writes: one, or each master of a Cluster. */
  abstract masters(): readonly Redis[];

  /** The store's error for a command of `client` that failed. @param action what was tried, for people */
  abstract fault(action: string, error: unknown): StoreUnavailableError;
}
