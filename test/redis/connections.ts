import { createRedisConnection } from '@nestjs-modules/ioredis';
import { SystemClock, type Clock } from '../../src/clock/clock.js';
import { parseRedisUrl } from '../../src/config/redis-address.js';
import { clientOptions } from '../../src/redis/client-options.js';
import { connectRedis } from '../../src/redis/connect-redis.js';
import type { IoredisConnection } from '../../src/redis/ioredis-connection.js';
import { RecordingLogger } from '../support/recording-logger.js';

export const PREFIX = 'threader:ts';

/** Connections that a test opens as the service does, closed together. */
export class Connections {
  readonly log = new RecordingLogger();
  private readonly open: IoredisConnection[] = [];

  /** @param url as in REDIS_URL */
  async connect(url: string, clock: Clock = new SystemClock()): Promise<IoredisConnection> {
    const address = parseRedisUrl(url);
    if (address === undefined) throw new Error(`no Redis address: ${url}`);
    const client = createRedisConnection(clientOptions(address));
    const connection = await connectRedis(client, clock, this.log, PREFIX);
    this.open.push(connection);
    return connection;
  }

  close(): void {
    for (const connection of this.open.splice(0)) connection.close();
  }
}
