import { SEVERITY_CLASSES } from '../domain/alert.js';
import type { RedisConnection } from '../redis/redis-connection.js';
import type { RedisKeys } from './redis-keys.js';
import { OVERVIEW } from './redis-scripts.js';
import { figures, STATUSES } from './severity-counts.js';
import type { ChannelBacklog, StoreOverview } from './thread-store.js';

const KINDS = STATUSES.flatMap((status) => SEVERITY_CLASSES.map((severity) => `${status} ${severity}`));

/** What there is in all shards together. */
export const redisOverview = async (connection: RedisConnection, keys: RedisKeys): Promise<StoreOverview> => {
  const answers = (await Promise.all(
    keys.shards.map(({ severities, behind }) => connection.run(OVERVIEW, severities, behind, ...KINDS)),
  )) as (number | string)[][];
  const counts = new Map<string, number>();
  const backlog = new Map<string, ChannelBacklog>();
  for (const answer of answers) {
    for (const [i, kind] of KINDS.entries()) counts.set(kind, (counts.get(kind) ?? 0) + Number(answer[i]));
    for (let at = KINDS.length; at < answer.length; at += 3) {
      const channel = String(answer[at]);
      const { threads, since } = backlog.get(channel) ?? { threads: 0, since: Infinity };
      backlog.set(channel, {
        channel,
        threads: threads + Number(answer[at + 2]),
        since: Math.min(since, Number(answer[at + 1])),
      });
    }
  }
  return {
    incidents: figures((status, severity) => counts.get(`${status} ${severity}`) ?? 0),
    backlog: [...backlog.values()],
  };
};
