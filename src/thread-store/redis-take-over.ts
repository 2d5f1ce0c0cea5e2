import { excerpt } from '../domain/excerpt.js';
import { SCHEMA, shownKey } from '../domain/record.js';
import type { RedisConnection } from '../redis/redis-connection.js';
import { fieldOf, identityOf, RedisKeys } from './redis-keys.js';
import type { RedisMirror } from './redis-mirror.js';
import { THREAD_TS } from './redis-records.js';
import type { RedisWriter } from './redis-writer.js';
import type { StoreLogger } from './store-logger.js';
import { StoreUnavailableError } from './thread-store.js';

/** Version of the keys and scripts. */
const LAYOUT = 1;
/** How much one step of a scan looks at: other commands go in between. */
export const SCAN_STEP = 1_000;

interface Layout {
  readonly layout: number;
  readonly schema: number;
  /** SLACK_CHANNEL as of the last start: plain keys of its threads carry no channel. */
  readonly channel: string;
}

/** At a start: refuses a newer version's data, takes over the earlier version's threads, and puts plain keys right. */
export class RedisTakeOver {
  constructor(
    private readonly connection: RedisConnection,
    private readonly keys: RedisKeys,
    private readonly writer: RedisWriter,
    private readonly mirror: RedisMirror,
    private readonly logger: StoreLogger,
  ) {}

  async run(): Promise<void> {
    const { client } = this.connection;
    const found = await client.get(this.keys.layout);
    const before = found === null ? undefined : this.layoutOf(found);
    const last = before === undefined ? this.keys : new RedisKeys(this.keys.prefix, before.channel);
    let adopted = 0;
    for (const master of this.connection.masters()) {
      let cursor = '0';
      do {
        const [next, plains] = await master.scan(cursor, 'MATCH', this.keys.plainPattern, 'COUNT', SCAN_STEP);
        cursor = next;
        adopted += (await Promise.all(plains.map((plain) => this.look(plain, last)))).filter(Boolean).length;
      } while (cursor !== '0');
    }
    if (before !== undefined && before.channel !== this.keys.defaultChannel) await this.rename(before.channel);
    await this.mirror.sweep();
    const layout: Layout = { layout: LAYOUT, schema: SCHEMA, channel: this.keys.defaultChannel };
    await client.set(this.keys.layout, JSON.stringify(layout));
    if (adopted > 0) this.logger.info({ threads: adopted }, 'took over the threads of the earlier version');
  }

  private layoutOf(text: string): Layout {
    let known: Partial<Layout> = {};
    try {
      known = JSON.parse(text) as Layout;
    } catch {
      // told below
    }
    const { layout = Infinity, schema = Infinity, channel = '' } = known;
    if (layout <= LAYOUT && schema <= SCHEMA && channel !== '') return { layout, schema, channel };
    throw new StoreUnavailableError(
      `the data in Redis were written by a newer version (${this.keys.layout} says ${excerpt(text, 100)}): ` +
        'run that version, or set another REDIS_KEY_PREFIX',
      'format',
    );
  }

  /** @returns true when it was a thread of the earlier version */
  private async look(plain: string, last: RedisKeys): Promise<boolean> {
    const identity = last.ofPlain(plain);
    const { key, channel } = identity;
    const field = fieldOf(identity);
    const { threads, records, mirror } = this.keys.shard(key);
    const { client } = this.connection;
    const [ts, ours, there, going] = await Promise.all([
      client.get(plain).catch(() => null), // not a text: not ours either
      client.hget(threads, field),
      client.hexists(records, field),
      client.sismember(mirror, field),
    ]);
    if (ts === null || ts === ours || !THREAD_TS.test(ts)) return false;
    if (there === 1 || going === 1) {
      await this.mirror.bring(field); // a process died before it had put it right
      return false;
    }
    const record = await this.writer.update(key, channel, (before) =>
      before.version === 0 ? { ...before, adopt: ts } : before,
    );
    return record.adopt === ts;
  }

  /** SLACK_CHANNEL is another one: which threads are shown with their channel changes. */
  private async rename(lastChannel: string): Promise<void> {
    const { client } = this.connection;
    for (const { threads } of this.keys.shards) {
      let cursor = '0';
      do {
        const [next, found] = await client.hscan(threads, cursor, 'COUNT', SCAN_STEP);
        cursor = next;
        for (const field of found.filter((_, i) => i % 2 === 0)) {
          const identity = identityOf(field);
          await client.del(`${this.keys.prefix}:${shownKey(identity, lastChannel)}`);
          await this.mirror.bring(field, (await client.hget(threads, field)) ?? '');
        }
      } while (cursor !== '0');
    }
  }
}
