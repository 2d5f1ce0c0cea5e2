import type { RedisConnection } from '../redis/redis-connection.js';

export interface RedisFigures {
  readonly connected_clients: number;
  readonly used_memory_human: string;
  readonly keyspace_hits: number;
  readonly keyspace_misses: number;
}

/** Redis' own figures; of a Cluster the sums over its masters. */
export const redisFigures = async (connection: RedisConnection): Promise<RedisFigures> => {
  const infos = await Promise.all(connection.masters().map((server) => server.info())).catch((error: unknown) => {
    throw connection.fault('read figures', error);
  });
  const sum = (name: string): number => infos.reduce((total, info) => total + figure(info, name), 0);
  const [only] = infos;
  return {
    connected_clients: sum('connected_clients'),
    used_memory_human:
      infos.length === 1 && only !== undefined ? text(only, 'used_memory_human') : human(sum('used_memory')),
    keyspace_hits: sum('keyspace_hits'),
    keyspace_misses: sum('keyspace_misses'),
  };
};

const text = (info: string, name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';

const figure = (info: string, name: string): number => Number(text(info, name));

/** As Redis writes it: `1.05M`. */
const human = (bytes: number): string => {
  let rest = bytes;
  for (const unit of ['B', 'K', 'M', 'G']) {
    if (rest < 1_024) return `${rest.toFixed(unit === 'B' ? 0 : 2)}${unit}`;
    rest /= 1_024;
  }
  return `${rest.toFixed(2)}T`;
};
