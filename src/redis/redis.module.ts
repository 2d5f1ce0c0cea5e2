import { Inject, Module, Optional, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Cluster, Redis } from 'ioredis';
import { Clock } from '../clock/clock.js';
import type { Config } from '../config/config.js';
import { parseRedisUrl } from '../config/redis-address.js';
import { AppLogger } from '../logging/logger.js';
import type { IoredisConnection } from './ioredis-connection.js';
import { RedisConnection } from './redis-connection.js';

/** Provides {@link RedisConnection} everywhere; null with the file store, which loads nothing of Redis. */
@Module({})
export class RedisModule implements OnApplicationShutdown {
  constructor(@Optional() @Inject(RedisConnection) private readonly connection: RedisConnection | null) {}

  static async forRoot(config: Config): Promise<DynamicModule> {
    const base = { module: RedisModule, global: true, exports: [RedisConnection] };
    if (config.threadStore !== 'redis') {
      return { ...base, providers: [{ provide: RedisConnection, useValue: null }] };
    }
    const address = parseRedisUrl(config.redisUrl.reveal());
    if (address === undefined) throw new Error('REDIS_URL was not checked');
    const { getRedisConnectionToken, RedisModule: ClientModule } = await import('@nestjs-modules/ioredis');
    const { clientOptions } = await import('./client-options.js');
    const { connectRedis } = await import('./connect-redis.js');
    return {
      ...base,
      imports: [ClientModule.forRoot(clientOptions(address))],
      providers: [
        {
          provide: RedisConnection,
          useFactory: (client: Redis | Cluster, clock: Clock, logger: AppLogger): Promise<RedisConnection> =>
            connectRedis(client, clock, logger, config.redisKeyPrefix),
          inject: [getRedisConnectionToken(), Clock, AppLogger],
        },
      ],
    };
  }

  /** By now everything that needs Redis has stopped. */
  onApplicationShutdown(): void {
    (this.connection as IoredisConnection | null)?.close();
  }
}
