import { createHash } from 'node:crypto';
import type { RedisConnection } from '../redis/redis-connection.js';
import { fieldOf, identityOf, rollKey, type RedisKeys, type ShardKeys } from './redis-keys.js';
import { isReadable, type RedisRecords } from './redis-records.js';
import { SET_ASIDE } from './redis-scripts.js';
import type { StoreLogger } from './store-logger.js';
import type { UnreadableRecords } from './thread-store.js';

/** How much one step of a scan looks at: other commands go in between. */
const SCAN_STEP = 1_000;

/** Values that nobody can read: kept beside for people, so that their threads can go on. */
export class RedisUnreadable {
  constructor(
    private readonly connection: RedisConnection,
    private readonly keys: RedisKeys,
    private readonly records: RedisRecords,
    private readonly logger: StoreLogger,
  ) {}

  /** Moves the record's value beside, unless others have changed it meanwhile. */
  async setAside(key: string, channel: string): Promise<void> {
    const shard = this.keys.shard(key);
    const field = fieldOf({ key, channel });
    const { records, unreadable, due, threads, mirror, silenced } = shard;
    const value = await this.connection.client.hgetBuffer(records, field); // it may be no UTF-8
    if (value === null || isReadable(value.toString())) return;
    const sum = createHash('sha1').update(value).digest('hex');
    const moved = await this.connection.run(
      SET_ASIDE,
      ...[records, unreadable, due, threads, mirror, silenced],
      ...[field, sum],
    );
    if (moved !== 1) return;
    this.records.isRead(field);
    this.logger.error(
      { threadKey: key, channel, kept: unreadable },
      'record in Redis can not be read: its value is kept beside, and the record begins anew',
    );
    await this.forgetIncidents(shard, field);
  }

  /** What is kept, and what was found and not moved yet. @param most named */
  async list(most: number): Promise<UnreadableRecords> {
    const { client } = this.connection;
    const kept = await Promise.all(this.keys.shards.map(({ unreadable }) => client.hlen(unreadable)));
    const found = this.records.found();
    const named = found.slice(0, most);
    for (const [i, { unreadable }] of this.keys.shards.entries()) {
      if (named.length >= most) break;
      if ((kept[i] ?? 0) > 0) named.push(...(await client.hkeys(unreadable)).slice(0, most - named.length));
    }
    const count = kept.reduce((sum, one) => sum + one, found.length);
    return { count, records: named.map(identityOf) };
  }

  /** Incidents of the value are in the indexes, and it can not be asked which: what leads to its record says so. */
  private async forgetIncidents(
    { find, firing, acknowledged, resolved, folds, ...shard }: ShardKeys,
    field: string,
  ): Promise<void> {
    const { client } = this.connection;
    await client.srem(folds, field);
    for await (const page of this.pages((cursor) => client.hscan(find, cursor, 'MATCH', 'i *', 'COUNT', SCAN_STEP))) {
      for (let at = 0; at + 1 < page.length; at += 2) {
        const [entry = '', fields = ''] = page.slice(at, at + 2);
        if (fields !== field) continue;
        const id = entry.slice(2);
        await Promise.all([firing, acknowledged].map((index) => client.zrem(index, id)));
        const archived = (await client.hexists(shard.history, id)) === 1;
        if (!archived) await client.zrem(resolved, id);
        await this.forget(shard.severities, id, archived);
        await this.forget(shard.behind, id, false);
        await this.forget(shard.live, id, false);
        await client.unlink(rollKey(shard, id));
        await client.hdel(find, entry);
      }
    }
  }

  /** Takes an incident out of a sorted set whose members end in its id. */
  private async forget(index: string, id: string, archived: boolean): Promise<void> {
    const { client } = this.connection;
    const match = `* ${id.replace(/[\\*?[\]]/g, '\\$&')}`;
    for await (const page of this.pages((cursor) => client.zscan(index, cursor, 'MATCH', match, 'COUNT', SCAN_STEP))) {
      const members = page.filter((member, at) => at % 2 === 0 && !(archived && member.startsWith('resolved ')));
      if (members.length > 0) await client.zrem(index, ...members);
    }
  }

  private async *pages(scan: (cursor: string) => Promise<[string, string[]]>): AsyncGenerator<readonly string[]> {
    let cursor = '0';
    do {
      const [next, page] = await scan(cursor);
      cursor = next;
      yield page;
    } while (cursor !== '0');
  }
}
