import { threadsOf, type ThreadRecord } from '../domain/record.js';
import type { Member, Rolls } from '../domain/roll.js';
import type { RedisConnection } from '../redis/redis-connection.js';
import type { RollRows } from '../domain/staged-rolls.js';
import { rollKey, type RedisKeys, type ShardKeys } from './redis-keys.js';
import { PLACES } from './redis-scripts.js';
import { toMember, toState } from './roll-rows.js';
import { StoreUnavailableError } from './thread-store.js';

/** Rows read by one command: others go in between. */
const READ_STEP = 5_000;
const NOTHING: Pick<Rolls, 'get'> = { get: () => undefined };

/** Reads rolls, and says how a change writes them. A row is three numbers of base 36: start, time, status. */
export class RedisRolls {
  constructor(
    private readonly connection: RedisConnection,
    private readonly keys: RedisKeys,
  ) {}

  /** The rows that a change of this record may read. */
  async read(record: ThreadRecord, members: readonly string[]): Promise<Pick<Rolls, 'get'>> {
    const incident = record.current?.incident;
    if (members.length === 0 || incident === undefined || !hasRoll(record)) return NOTHING;
    const key = rollKey(this.keys.shard(record.key), incident.id);
    const rows = new Map<string, Member | undefined>();
    for (let at = 0; at < members.length; at += READ_STEP) {
      const some = members.slice(at, at + READ_STEP);
      const texts = await this.connection.client.hmget(key, ...some);
      some.forEach((id, i) => rows.set(id, parse(texts[i] ?? null)));
    }
    return {
      get: (incidentId, id) => {
        if (incidentId !== incident.id) return undefined; // one that the change opens
        if (!rows.has(id)) throw new Error(`a change reads a row that it did not ask for`);
        return rows.get(id);
      },
    };
  }
}

const hasRoll = ({ current }: ThreadRecord): boolean =>
  current !== null && (current.incident.crowd !== undefined || current.incident.fold !== undefined);

const parse = (text: string | null): Member | undefined => {
  if (text === null) return undefined;
  const [startsAt = NaN, at = NaN, status = NaN] = text.split(' ').map((number) => parseInt(number, 36));
  return toMember(startsAt, at, status);
};

/** What a change does to rolls. */
export interface RollChanges {
  /** Keys of the roll that it writes, and of the one that it removes. */
  readonly keys: readonly [roll: string, left: string];
  /** Arguments of `CHANGE`. */
  readonly pairs: readonly string[];
}

/** @throws {StoreUnavailableError} the change writes rows of several incidents */
export const rollChanges = (
  shard: ShardKeys,
  rows: RollRows,
  old: ThreadRecord | undefined,
  next: ThreadRecord | undefined,
): RollChanges => {
  const stays = new Set(next === undefined ? [] : threadsOf(next).map(({ incident }) => incident.id));
  const left = old === undefined ? undefined : threadsOf(old).find(({ incident }) => !stays.has(incident.id))?.incident;
  const written = rows.filter(([incidentId]) => stays.has(incidentId));
  if (written.length > 1) throw new StoreUnavailableError('a change writes rows of several incidents', 'rolls');
  const [incidentId, some = []] = written[0] ?? [];
  const pairs = some.flatMap(({ id, member }) =>
    member === null
      ? [`-${PLACES.roll}`, id]
      : [
          `+${PLACES.roll}`,
          `${id} ${toState(member)
            .map((number) => number.toString(36))
            .join(' ')}`,
        ],
  );
  const leaves = left !== undefined && (left.crowd !== undefined || left.fold !== undefined);
  return {
    keys: [
      incidentId === undefined ? shard.probe : rollKey(shard, incidentId),
      leaves ? rollKey(shard, left.id) : shard.probe,
    ],
    pairs: leaves ? [...pairs, `-${PLACES.leftRoll}`, ''] : pairs,
  };
};
