import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { AppLogger } from '../logging/logger.js';
import { RedisConnection } from '../redis/redis-connection.js';
import { FileThreadStore } from './file-thread-store.js';
import { ObservedThreadStore, type ClosableStore } from './observed-thread-store.js';
import { StoreObserver } from './store-observer.js';
import { ThreadStore } from './thread-store.js';

const openFileThreadStore = (config: Config, clock: Clock, logger: AppLogger): Promise<ClosableStore> =>
  FileThreadStore.open({
    file: config.threadStoreFile,
    defaultChannel: config.slackChannel,
    clock,
    logger,
    onFatal: (error) => {
      logger.error({ code: error.code, err: error }, 'thread store lost: stopping');
      process.exitCode = 1;
      process.kill(process.pid, 'SIGTERM'); // as a supervisor would: what runs is finished first
    },
  });

const openThreadStore = async (
  config: Config,
  clock: Clock,
  logger: AppLogger,
  connection?: RedisConnection | null,
): Promise<ClosableStore> => {
  if (!connection) return openFileThreadStore(config, clock, logger);
  const { RedisThreadStore } = await import('./redis-thread-store.js'); // the file store starts without it
  const { redisKeyPrefix: prefix, slackChannel: defaultChannel } = config;
  return RedisThreadStore.open({ connection, prefix, defaultChannel, clock, logger });
};

const openObservedThreadStore = async (
  config: Config,
  clock: Clock,
  logger: AppLogger,
  connection?: RedisConnection | null,
  observer?: StoreObserver,
): Promise<ClosableStore> => {
  const store = await openThreadStore(config, clock, logger, connection);
  return observer ? new ObservedThreadStore(store, observer, !connection) : store;
};

/** Provides the {@link ThreadStore} that THREAD_STORE names; closes it once the application has stopped. */
@Module({
  providers: [
    {
      provide: ThreadStore,
      useFactory: openObservedThreadStore,
      inject: [
        Config,
        Clock,
        AppLogger,
        { token: RedisConnection, optional: true },
        { token: StoreObserver, optional: true },
      ],
    },
  ],
  exports: [ThreadStore],
})
export class ThreadStoreModule implements OnApplicationShutdown {
  constructor(private readonly store: ThreadStore) {}

  async onApplicationShutdown(): Promise<void> {
    await (this.store as ClosableStore).close();
  }
}
