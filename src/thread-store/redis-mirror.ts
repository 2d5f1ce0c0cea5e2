import type { RedisConnection } from '../redis/redis-connection.js';
import { identityOf, type RedisKeys } from './redis-keys.js';
import { SETTLE } from './redis-scripts.js';

/** No ts: what a plain key is compared with before anybody looked. */
const UNKNOWN = '?';

/**
 * Keeps `<prefix>:<key>` as the record has it. It lies in another slot than its record, so it can't be changed in one
 * step with it: the record's write puts it on a list, and it leaves the list when it is seen to be right.
 */
export class RedisMirror {
  constructor(
    private readonly connection: RedisConnection,
    private readonly keys: RedisKeys,
  ) {}

  /** Never rejects: what could not be done stays on the list. @param ts what the record has shown last, '' for none */
  async follow(field: string, ts: string): Promise<unknown> {
    try {
      await this.bring(field, ts);
      return undefined;
    } catch (error) {
      return error; // the sweep does it
    }
  }

  /** Does what is left on the lists. */
  async sweep(): Promise<void> {
    const { client } = this.connection;
    const lists = await Promise.all(this.keys.shards.map(({ mirror }) => client.smembers(mirror)));
    for (const field of lists.flat()) await this.bring(field);
  }

  /** @throws {StoreUnavailableError} */
  async bring(field: string, known?: string): Promise<void> {
    const identity = identityOf(field);
    const { threads, mirror } = this.keys.shard(identity.key);
    const plain = this.keys.plain(identity);
    const { client } = this.connection;
    // Another process may be at the same key: whoever writes looks afterwards whether that is still right.
    let answer: unknown = known ?? (await this.connection.run(SETTLE, threads, mirror, field, UNKNOWN));
    while (typeof answer === 'string') {
      if (answer === '') await client.del(plain);
      else await client.set(plain, answer);
      answer = await this.connection.run(SETTLE, threads, mirror, field, answer);
    }
  }
}
