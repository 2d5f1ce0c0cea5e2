import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { AppLogger } from '../logging/logger.js';
import { FileThreadStore } from './file-thread-store.js';
import { ThreadStore } from './thread-store.js';

const openFileThreadStore = (config: Config, clock: Clock, logger: AppLogger): Promise<FileThreadStore> =>
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

/** Provides the {@link ThreadStore}; closes it once the application has stopped. */
@Module({
  providers: [
    { provide: FileThreadStore, useFactory: openFileThreadStore, inject: [Config, Clock, AppLogger] },
    { provide: ThreadStore, useExisting: FileThreadStore },
  ],
  exports: [ThreadStore],
})
export class ThreadStoreModule implements OnApplicationShutdown {
  constructor(private readonly store: FileThreadStore) {}

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}
