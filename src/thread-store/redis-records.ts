import { excerpt } from '../domain/excerpt.js';
import { emptyRecord, SCHEMA, type ThreadRecord } from '../domain/record.js';
import type { RedisConnection } from '../redis/redis-connection.js';
import { readLine } from './lines.js';
import { fieldOf, identityOf, type RedisKeys, type ShardKeys } from './redis-keys.js';
import { WRITE_ID } from './redis-scripts.js';
import type { StoreLogger } from './store-logger.js';
import { StoreUnavailableError } from './thread-store.js';

/** A record as it is in Redis now. */
export interface Stored {
  /** Empty where there is none. */
  readonly record: ThreadRecord;
  /** Of the write that made it; '' where there is none. */
  readonly writeId: string;
  /** There is none, but a thread of the earlier version, which `record` has adopted. */
  readonly adopted: boolean;
  /** There is a value, and nobody can read it: `record` is an empty one. */
  readonly unreadable?: true;
}

/** Records read by one command: others go in between. */
const READ_STEP = 200;

export const THREAD_TS = /^\d+\.\d+$/;

/** Fields remembered as unreadable. */
const MOST_UNREADABLE = 10_000;

interface Value {
  readonly record: ThreadRecord;
  readonly schema: number;
}

/** What a value holds; undefined where it makes no sense. Of a newer schema, nothing but its number can be told. */
const valueOf = (value: string): Value | undefined => {
  try {
    const line = readLine(JSON.parse(value.slice(WRITE_ID + 1)));
    return line.kind === 'record' ? line : undefined;
  } catch {
    return undefined;
  }
};

export const isReadable = (value: string): boolean => valueOf(value) !== undefined;

/** Reads records. */
export class RedisRecords {
  private readonly unreadable = new Set<string>();
  /** Told of: a newer version wrote them. */
  private readonly newer = new Set<string>();

  constructor(
    private readonly connection: RedisConnection,
    private readonly keys: RedisKeys,
    private readonly logger: StoreLogger,
  ) {}

  async read(key: string, channel: string): Promise<Stored> {
    const shard = this.keys.shard(key);
    const field = fieldOf({ key, channel });
    const value = await this.connection.client.hget(shard.records, field).catch(this.failed);
    if (value !== null) {
      return (
        this.parse(field, value) ?? { record: emptyRecord(key, channel), writeId: '', adopted: false, unreadable: true }
      );
    }
    const adopt = await this.earlierThread(key, channel, shard, field);
    const record = emptyRecord(key, channel);
    return { record: adopt === null ? record : { ...record, adopt }, writeId: '', adopted: adopt !== null };
  }

  /** Undefined where it can not be read, which is told once. @throws {StoreUnavailableError} a newer version wrote it */
  parse(field: string, value: string): Stored | undefined {
    const read = valueOf(value);
    if (read === undefined) {
      this.note(field);
      return undefined;
    }
    const { record, schema } = read;
    this.isRead(field);
    if (schema > SCHEMA) {
      const why = `it has schema ${schema}, written by a newer version`;
      throw new StoreUnavailableError(`record ${JSON.stringify(excerpt(field, 200))}: ${why}`, 'format');
    }
    return { record, writeId: value.slice(0, WRITE_ID), adopted: false };
  }

  /** The value of this field is another one by now. */
  isRead(field: string): void {
    this.unreadable.delete(field);
  }

  /** Fields whose values could not be read. */
  found(): string[] {
    return [...this.unreadable];
  }

  /** These records, as many as are still there. One that can't be read is left out and told once: the others go on. */
  async readAll(shard: ShardKeys, fields: readonly string[]): Promise<ThreadRecord[]> {
    const found: ThreadRecord[] = [];
    for (let at = 0; at < fields.length; at += READ_STEP) {
      const some = fields.slice(at, at + READ_STEP);
      const values = await this.connection.client.hmget(shard.records, ...some).catch(this.failed);
      found.push(...some.flatMap((field, i) => this.tryParse(field, values[i] ?? null) ?? []));
    }
    return found;
  }

  tryParse(field: string, value: string | null): ThreadRecord | undefined {
    if (value === null) return undefined;
    try {
      return this.parse(field, value)?.record;
    } catch (error) {
      if (!this.newer.has(field)) this.logger.error({ err: error }, 'a record can not be read: left out');
      this.newer.add(field);
      return undefined;
    }
  }

  private note(field: string): void {
    if (this.unreadable.has(field) || this.unreadable.size >= MOST_UNREADABLE) return;
    this.unreadable.add(field);
    const { key, channel } = identityOf(field);
    const message = 'record in Redis can not be read: left out until an alert of its thread comes';
    this.logger.error({ threadKey: key, channel }, message);
  }

  /** A plain key without a record is the earlier version's, unless it is ours and about to go. */
  private async earlierThread(key: string, channel: string, shard: ShardKeys, field: string): Promise<string | null> {
    const { client } = this.connection;
    const ts = await client.get(this.keys.plain({ key, channel })).catch(this.failed);
    if (ts === null || !THREAD_TS.test(ts)) return null;
    if ((await client.sismember(shard.mirror, field).catch(this.failed)) === 1) return null;
    // Ours leaves the list only after it is gone: one that was going is gone by now.
    return (await client.get(this.keys.plain({ key, channel })).catch(this.failed)) === ts ? ts : null;
  }

  private readonly failed = (error: unknown): never => {
    throw this.connection.fault('read thread store', error);
  };
}
