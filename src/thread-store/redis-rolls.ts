import type { Incident } from '../domain/incident.js';
import type { ThreadRecord } from '../domain/record.js';
import type { Member, Rolls } from '../domain/roll.js';
import type { RedisConnection } from '../redis/redis-connection.js';
import type { RollRows } from '../domain/staged-rolls.js';
import { rollKey, type RedisKeys, type ShardKeys } from './redis-keys.js';
import { PLACES } from './redis-scripts.js';
import { toMember, toState } from './roll-rows.js';

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
    if (members.length === 0 || incident === undefined || !mayHaveRoll(incident)) return NOTHING;
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

const mayHaveRoll = ({ crowd, fold }: Incident): boolean => crowd !== undefined || fold !== undefined;

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

/** Rows of the record's present incident alone: nothing reads those of the one before it any more. */
export const rollChanges = (
  shard: ShardKeys,
  rows: RollRows,
  old: ThreadRecord | undefined,
  next: ThreadRecord | undefined,
): RollChanges => {
  const before = old?.current?.incident;
  const present = next?.current?.incident.id;
  const some = rows.find(([incidentId]) => incidentId === present)?.[1] ?? [];
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
  const left = before !== undefined && before.id !== present && mayHaveRoll(before) ? before.id : undefined;
  return {
    keys: [
      present === undefined ? shard.probe : rollKey(shard, present),
      left === undefined ? shard.probe : rollKey(shard, left),
    ],
    pairs: left === undefined ? pairs : [...pairs, `-${PLACES.leftRoll}`, ''],
  };
};
