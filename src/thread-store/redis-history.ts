import { severityClass } from '../domain/alert.js';
import type { IncidentThread } from '../domain/record.js';
import type { RedisConnection } from '../redis/redis-connection.js';
import { endedAt } from './history.js';
import { archivedLine, readLine } from './lines.js';
import { escaped, type RedisKeys, type ShardKeys } from './redis-keys.js';
import type { ReplicaWait } from './redis-replica-wait.js';
import { ARCHIVE, PRUNE } from './redis-scripts.js';

/** How many incidents one step forgets: other commands go in between. */
const PRUNE_SLICE = 200;
/** How many are looked for at once that are too many. */
const CUT_SLICE = 1_000;

/** Finished incidents, each a value of its own. */
export class RedisHistory {
  constructor(
    private readonly connection: RedisConnection,
    private readonly keys: RedisKeys,
    private readonly replicas: ReplicaWait,
  ) {}

  /** The same incident again changes nothing; a later state of it takes its place. */
  async archive(thread: IncidentThread): Promise<void> {
    const { id, key, severity } = thread.incident;
    const { history, ended, resolved, severities } = this.keys.shard(key); // its record's
    const value = [escaped(id), archivedLine(thread), endedAt(thread), severityClass(severity)];
    await this.connection.run(ARCHIVE, history, ended, resolved, severities, ...value);
    await this.replicas.wait();
  }

  /** @param most at most so many stay, the latest ones of all shards */
  async prune(before: number, most: number): Promise<number> {
    let forgotten = 0;
    for (const shard of this.keys.shards) forgotten += await this.forget(shard, `(${before}`, Infinity);
    if (most === Infinity) return forgotten;
    for (;;) {
      const cut = await this.cut(most);
      forgotten += cut;
      if (cut === 0) return forgotten;
    }
  }

  /** Forgets some of what is too many. Where replicas do so at once, each looks again how much is left. */
  private async cut(most: number): Promise<number> {
    const { client } = this.connection;
    const { shards } = this.keys;
    const sizes = await Promise.all(shards.map(({ ended }) => client.zcard(ended)));
    const excess = Math.min(sizes.reduce((sum, size) => sum + size, 0) - most, CUT_SLICE);
    if (excess <= 0) return 0;
    const oldest = await Promise.all(
      shards.map(async (shard) => {
        const found = await client.zrangebyscore(shard.ended, '-inf', '+inf', 'WITHSCORES', 'LIMIT', 0, excess);
        const ends = found.filter((_, i) => i % 2 === 1); // after each id
        return ends.map((endedAt) => ({ shard, endedAt: Number(endedAt) }));
      }),
    );
    const gone = oldest.flat().sort((a, b) => a.endedAt - b.endedAt);
    gone.length = Math.min(gone.length, excess);
    const last = gone.at(-1)?.endedAt ?? 0;
    let forgotten = 0;
    for (const shard of shards) {
      const count = gone.filter((one) => one.shard === shard).length;
      forgotten += await this.forget(shard, String(last), count);
    }
    return forgotten;
  }

  /** The oldest of a shard, at most so many. @param bound the latest end, as Redis writes bounds */
  private async forget(shard: ShardKeys, bound: string, most: number): Promise<number> {
    const { history, ended, resolved, find, severities } = shard;
    let forgotten = 0;
    while (forgotten < most) {
      const slice = Math.min(most - forgotten, PRUNE_SLICE);
      const keys = [history, ended, resolved, find, severities];
      const count = Number(await this.connection.run(PRUNE, ...keys, bound, slice));
      forgotten += count;
      if (count < slice) break;
    }
    return forgotten;
  }

  async get(shard: ShardKeys, id: string): Promise<IncidentThread | undefined> {
    const value = await this.connection.client.hget(shard.history, escaped(id));
    if (value === null) return undefined;
    try {
      const line = readLine(JSON.parse(value));
      return line.kind === 'archived' ? line.thread : undefined;
    } catch {
      return undefined; // edited by hand: not worth more than a gap in the list
    }
  }
}
