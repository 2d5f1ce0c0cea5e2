import type { IncidentStatus } from '../domain/incident.js';
import type { IncidentThread } from '../domain/record.js';
import type { RedisConnection } from '../redis/redis-connection.js';
import { better, type Found, type RedisFinder } from './redis-finder.js';
import type { RedisKeys, ShardKeys } from './redis-keys.js';
import type { IncidentPage, ListFilter } from './thread-store.js';

const ALL: readonly IncidentStatus[] = ['firing', 'acknowledged', 'resolved'];

/** One page, newest first. Ids are in the order of time: each shard gives its newest, and the newest of all make the page. */
export const listIncidents = async (
  connection: RedisConnection,
  keys: RedisKeys,
  finder: RedisFinder,
  { status, limit, cursor }: ListFilter,
): Promise<IncidentPage> => {
  const wanted = limit + 1; // one more says whether there is another page
  const items: IncidentThread[] = [];
  for (let from = cursor; items.length < wanted;) {
    const places = await newest(connection, keys, status === undefined ? ALL : [status], from, wanted);
    const ids = [...places.keys()].sort().reverse().slice(0, wanted);
    const found = await Promise.all(ids.map((id) => read(finder, places.get(id) ?? [], id)));
    for (const one of found) {
      if (one !== undefined && (status === undefined || one.thread.incident.status === status)) items.push(one.thread);
    }
    from = ids.at(-1);
    if (ids.length < wanted) break;
  }
  const page = items.slice(0, limit);
  const last = page.at(-1)?.incident.id;
  return { items: page, ...(items.length > limit && last !== undefined ? { nextCursor: last } : {}) };
};

/** The newest ids before `from`, and the shards that know them: at least as many as asked for, where there are. */
const newest = async (
  { client }: RedisConnection,
  keys: RedisKeys,
  statuses: readonly IncidentStatus[],
  from: string | undefined,
  count: number,
): Promise<Map<string, ShardKeys[]>> => {
  const places = new Map<string, ShardKeys[]>();
  const most = from === undefined ? '+' : `(${from}`;
  const asked = keys.shards.flatMap((shard) => statuses.map((status) => ({ shard, status })));
  await Promise.all(
    asked.map(async ({ shard, status }) => {
      for (const id of await client.zrevrangebylex(shard[status], most, '-', 'LIMIT', 0, count)) {
        const others = places.get(id) ?? [];
        if (!others.includes(shard)) places.set(id, [...others, shard]);
      }
    }),
  );
  return places;
};

const read = async (finder: RedisFinder, shards: readonly ShardKeys[], id: string): Promise<Found | undefined> =>
  (await Promise.all(shards.map((shard) => finder.incidentIn(shard, id)))).reduce(better, undefined);
