import { crc32 } from 'node:zlib';
import { recordId, shownKey, type ThreadRecord } from '../domain/record.js';

/** All that belongs to a record lies in one shard, which is one slot of a Cluster. Fixed: records would not be found again. */
const SHARDS = 8;

type Identity = Pick<ThreadRecord, 'key' | 'channel'>;

/** The keys of one shard; `{n}` is what a Cluster places them by. */
export class ShardKeys {
  /** Hash: record's field → write id, space, JSON. */
  readonly records: string;
  /** Sorted set: field by due time. */
  readonly due: string;
  /** Hash: `i <incident>`, `m <channel> <ts>`, `f <fingerprint>` → fields of records, one a line. */
  readonly find: string;
  /** Hash: field → the thread's ts, of records that show one. */
  readonly threads: string;
  /** Set: fields whose plain key may differ from `threads`. */
  readonly mirror: string;
  /** Set: fields of records whose silence is looked after. */
  readonly silenced: string;
  /** Sorted sets of incident ids; `resolved` holds those of the history too. */
  readonly firing: string;
  readonly acknowledged: string;
  readonly resolved: string;
  /** Sorted set: `<status> <severity> <incident id>`, of live incidents and those of the history. */
  readonly severities: string;
  /** Sorted set: `<channel> <since> <incident id>` of threads whose image in Slack is behind. */
  readonly behind: string;
  /** Sorted set: `<channel> <open or over> <hash of the alertname> <incident id>`, of live incidents. */
  readonly live: string;
  /** Set: fields of records whose present incident is a fold. */
  readonly folds: string;
  /** Hash: incident id → JSON. */
  readonly history: string;
  /** Sorted set: incident ids of the history, by when they ended. */
  readonly ended: string;
  /** Hashes, one for each incident with a roll: member id → start, time, status. Its name goes on with the incident's id. */
  readonly roll: string;
  /** Hash: record's field → a value that could not be read, as it was. */
  readonly unreadable: string;
  /** Written to find out whether Redis takes writes. */
  readonly probe: string;

  constructor(prefix: string, shard: number) {
    const name = (what: string): string => `${prefix}-${what}:{${shard}}`;
    this.records = name('records');
    this.due = name('due');
    this.find = name('find');
    this.threads = name('threads');
    this.mirror = name('mirror');
    this.silenced = name('silenced');
    this.firing = name('firing');
    this.acknowledged = name('acknowledged');
    this.resolved = name('resolved');
    this.severities = name('severities');
    this.behind = name('behind');
    this.live = name('live');
    this.folds = name('folds');
    this.history = name('history');
    this.ended = name('ended');
    this.roll = name('roll');
    this.unreadable = name('unreadable');
    this.probe = name('probe');
  }
}

/** Where the roll of an incident is. */
export const rollKey = ({ roll }: Pick<ShardKeys, 'roll'>, incidentId: string): string => `${roll}:${incidentId}`;

/** Names of everything that we keep in Redis. */
export class RedisKeys {
  readonly shards: readonly ShardKeys[];
  /** Version of this layout, and SLACK_CHANNEL as of the last start. */
  readonly layout: string;

  constructor(
    readonly prefix: string,
    readonly defaultChannel: string,
  ) {
    this.shards = Array.from({ length: SHARDS }, (_, shard) => new ShardKeys(prefix, shard));
    this.layout = `${prefix}-layout`;
  }

  shard(key: string): ShardKeys {
    return this.shards[crc32(key) % SHARDS] as ShardKeys;
  }

  /** Where people and the earlier version find a thread_ts as plain text. */
  plain(record: Identity): string {
    return `${this.prefix}:${wellFormed(shownKey(record, this.defaultChannel))}`;
  }

  /** Whose thread a plain key names; the same the other way round. */
  ofPlain(plain: string): Identity {
    const shown = plain.slice(this.prefix.length + 1);
    const [, key, channel] = /^([^]*)@([CG][A-Z0-9]{7,})$/.exec(shown) ?? [];
    return key === undefined || channel === undefined ? { key: shown, channel: this.defaultChannel } : { key, channel };
  }

  /** What SCAN matches to find plain keys. */
  get plainPattern(): string {
    return `${this.prefix.replace(/[\\*?[\]]/g, '\\$&')}:*`;
  }
}

/** Any text as one that UTF-8 keeps and that holds no line break, each its own. */
export const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

/** A record's field in the hashes of its shard. */
export const fieldOf = ({ key, channel }: Identity): string => escaped(recordId(key, channel));

export const identityOf = (field: string): Identity => {
  const id = JSON.parse(`"${field}"`) as string;
  const space = id.indexOf(' ');
  return { channel: id.slice(0, space), key: id.slice(space + 1) };
};

/** Half of a surrogate pair can't be written in UTF-8. */
const wellFormed = (text: string): string => (/\p{Cs}/u.test(text) ? escaped(text) : text);
