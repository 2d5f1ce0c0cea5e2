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

  async prune(before: number): Promise<number> {
    let forgotten = 0;
    for (const { history, ended, resolved, find, severities } of this.keys.shards) {
      const keys = [history, ended, resolved, find, severities];
      for (;;) {
        const count = Number(await this.connection.run(PRUNE, ...keys, before, PRUNE_SLICE));
        forgotten += count;
        if (count < PRUNE_SLICE) break;
      }
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
