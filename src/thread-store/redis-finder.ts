import { threadsOf, type IncidentThread, type ThreadRecord } from '../domain/record.js';
import { isFold } from '../domain/incident.js';
import { wantsSilenceCare } from '../domain/silence-rules.js';
import type { RedisConnection } from '../redis/redis-connection.js';
import { byIncident, findsOf, liveNamed, liveOpen } from './redis-facts.js';
import type { RedisHistory } from './redis-history.js';
import type { RedisKeys, ShardKeys } from './redis-keys.js';
import type { RedisRecords } from './redis-records.js';
import type { LiveIncidents } from './thread-store.js';

/** Finds records by what leads to them. Every shard is asked at once; each record found is looked at itself. */
export class RedisFinder {
  constructor(
    private readonly connection: RedisConnection,
    private readonly keys: RedisKeys,
    private readonly records: RedisRecords,
    private readonly history: RedisHistory,
  ) {}

  /** @param find an entry of `findsOf` */
  async find(find: string): Promise<ThreadRecord[]> {
    return (await this.shards((shard) => this.findIn(shard, find))).flat();
  }

  async silenced(): Promise<ThreadRecord[]> {
    const found = await this.shards(async (shard) =>
      this.records.readAll(shard, await this.connection.client.smembers(shard.silenced)),
    );
    return found.flat().filter(wantsSilenceCare);
  }

  async live(channel: string): Promise<LiveIncidents> {
    const { client } = this.connection;
    const shards = await this.shards(({ live }) =>
      Promise.all([client.zcard(live), this.liveIn(live, channel), this.liveIn(live, liveOpen(channel))]),
    );
    return {
      all: sum(shards.map(([all]) => all)),
      inChannel: sum(shards.map(([, inChannel]) => inChannel)),
      open: sum(shards.map(([, , open]) => open)),
    };
  }

  async liveNamed(channel: string, alertname: string): Promise<number> {
    const beginnings = liveNamed(channel, alertname);
    const counts = await this.shards(({ live }) => Promise.all(beginnings.map((one) => this.liveIn(live, one))));
    return sum(counts.flat());
  }

  /** A blank ends what is asked for, and `!` comes right after it. */
  private liveIn(live: string, beginning: string): Promise<number> {
    return this.connection.client.zlexcount(live, `[${beginning} `, `(${beginning}!`);
  }

  async folds(): Promise<ThreadRecord[]> {
    const found = await this.shards(async (shard) =>
      this.records.readAll(shard, await this.connection.client.smembers(shard.folds)),
    );
    return found.flat().filter(({ current }) => current !== null && isFold(current.incident));
  }

  async incident(id: string): Promise<IncidentThread | undefined> {
    return (await this.shards((shard) => this.incidentIn(shard, id))).reduce(better, undefined)?.thread;
  }

  /** A live incident, else the one in the history. */
  async incidentIn(shard: ShardKeys, id: string): Promise<Found | undefined> {
    const [[record], archived] = await Promise.all([this.findIn(shard, byIncident(id)), this.history.get(shard, id)]);
    const thread = record && threadsOf(record).find(({ incident }) => incident.id === id);
    if (thread !== undefined) return { thread, live: true };
    return archived && { thread: archived, live: false };
  }

  /** The longest waiting first. */
  async pending(now: number, limit: number): Promise<readonly ThreadRecord[]> {
    const { client } = this.connection;
    const most = Number.isFinite(limit) ? limit : -1;
    const waiting = await this.shards(async (shard) => {
      const found = await client.zrangebyscore(shard.due, '-inf', now, 'WITHSCORES', 'LIMIT', 0, most);
      return pairs(found).map(([field, due]) => ({ shard, field, due }));
    });
    const first = waiting.flat().sort((a, b) => a.due - b.due);
    first.length = Math.min(first.length, limit);
    const found = await this.shards((shard) =>
      this.records.readAll(
        shard,
        first.filter((one) => one.shard === shard).map(({ field }) => field),
      ),
    );
    return found
      .flat()
      .filter(({ due }) => due !== null && due <= now)
      .sort((a, b) => (a.due ?? 0) - (b.due ?? 0));
  }

  private async findIn(shard: ShardKeys, find: string): Promise<ThreadRecord[]> {
    const fields = await this.connection.client.hget(shard.find, find);
    if (fields === null) return [];
    const records = await this.records.readAll(shard, fields.split('\n'));
    return records.filter((record) => findsOf(record).includes(find)); // it may have changed in between
  }

  private shards<T>(ask: (shard: ShardKeys) => Promise<T>): Promise<T[]> {
    return Promise.all(this.keys.shards.map(ask));
  }
}

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

export interface Found {
  readonly thread: IncidentThread;
  readonly live: boolean;
}

export const better = (a: Found | undefined, b: Found | undefined): Found | undefined =>
  b === undefined || a?.live === true ? a : b;

/** Members with their scores, as Redis lists them. */
const pairs = (list: readonly string[]): (readonly [member: string, score: number])[] => {
  const found: (readonly [string, number])[] = [];
  for (let i = 0; i + 1 < list.length; i += 2) found.push([list[i] ?? '', Number(list[i + 1])]);
  return found;
};
