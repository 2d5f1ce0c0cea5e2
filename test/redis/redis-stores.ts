import { SystemClock, type Clock } from '../../src/clock/clock.js';
import type { IoredisConnection } from '../../src/redis/ioredis-connection.js';
import { RedisThreadStore } from '../../src/thread-store/redis-thread-store.js';
import { CHANNEL } from '../contract/records.js';
import { Connections, PREFIX } from './connections.js';

/** Stores that a test opens on one Redis, each with a connection of its own, as processes have. */
export class RedisStores {
  readonly connections = new Connections();
  private readonly open: RedisThreadStore[] = [];

  async store(
    url: string,
    { channel = CHANNEL, clock = new SystemClock() }: { channel?: string; clock?: Clock } = {},
  ): Promise<{ store: RedisThreadStore; connection: IoredisConnection }> {
    const connection = await this.connections.connect(url);
    const options = { connection, prefix: PREFIX, defaultChannel: channel, clock, logger: this.connections.log };
    const store = await RedisThreadStore.open(options);
    this.open.push(store);
    return { store, connection };
  }

  async close(): Promise<void> {
    for (const store of this.open.splice(0)) await store.close();
    this.connections.close();
  }
}
