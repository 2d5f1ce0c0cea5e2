import { excerpt } from '../domain/excerpt.js';
import { emptyRecord, SCHEMA, type ThreadRecord } from '../domain/record.js';
import type { RedisConnection } from '../redis/redis-connection.js';
import { readLine } from './lines.js';
import { fieldOf, type RedisKeys, type ShardKeys } from './redis-keys.js';
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
}

/** Records read by one command: others go in between. */
const READ_STEP = 200;

export const THREAD_TS = /^\d+\.\d+$/;

/** Reads records. */
export class RedisRecords {
  private readonly unreadable = new Set<string>();

  constructor(
    private readonly connection: RedisConnection,
    private readonly keys: RedisKeys,
    private readonly logger: StoreLogger,
  ) {}

  async read(key: string, channel: string): Promise<Stored> {
    const shard = this.keys.shard(key);
    const field = fieldOf({ key, channel });
    const value = await this.connection.client.hget(shard.records, field).catch(this.failed);
    if (value !== null) return this.parse(field, value);
    const adopt = await this.earlierThread(key, channel, shard, field);
    const record = emptyRecord(key, channel);
    return { record: adopt === null ? record : { ...record, adopt }, writeId: '', adopted: adopt !== null };
  }

  /** @throws {StoreUnavailableError} a newer version wrote it, or somebody by hand */
  parse(field: string, value: string): Stored {
    let record: ThreadRecord | undefined;
    let schema = SCHEMA;
    try {
      const line = readLine(JSON.parse(value.slice(WRITE_ID + 1)));
      if (line.kind === 'record') ({ record, schema } = line);
    } catch {
      // told below
    }
    if (record === undefined || schema > SCHEMA) {
      const why = record === undefined ? 'it can not be read' : `it has schema ${schema}, written by a newer version`;
      throw new StoreUnavailableError(`record ${JSON.stringify(excerpt(field, 200))}: ${why}`, 'format');
    }
    return { record, writeId: value.slice(0, WRITE_ID), adopted: false };
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
      return this.parse(field, value).record;
    } catch (error) {
      if (!this.unreadable.has(field)) this.logger.error({ err: error }, 'a record can not be read: left out');
      this.unreadable.add(field);
      return undefined;
    }
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
