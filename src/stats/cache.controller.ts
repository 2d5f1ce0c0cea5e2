import { Controller, Delete, Get, UseGuards } from '@nestjs/common';
import { Config } from '../config/config.js';
import { shownKey } from '../domain/record.js';
import { AdminGuard } from '../http/admin.guard.js';
import { AppLogger } from '../logging/logger.js';
import { ThreadStore } from '../thread-store/thread-store.js';

export interface CacheAnswer {
  readonly cached_threads: number;
  /** thread_ts by thread key, with `@C…` for another channel than SLACK_CHANNEL. */
  readonly threads: Readonly<Record<string, string>>;
  readonly thread_store: string;
}

export interface CacheCleared {
  readonly message: string;
  /** Threads forgotten. */
  readonly cleared: number;
}

/** Which thread each key has: for a look, and to start them all anew. */
@Controller('cache')
@UseGuards(AdminGuard)
export class CacheController {
  constructor(
    private readonly config: Config,
    private readonly store: ThreadStore,
    private readonly logger: AppLogger,
  ) {}

  @Get()
  async show(): Promise<CacheAnswer> {
    const threads = await this.store.threads();
    return {
      cached_threads: threads.length,
      threads: Object.fromEntries(threads.map((thread) => [shownKey(thread, this.config.slackChannel), thread.ts])),
      thread_store: this.config.threadStore,
    };
  }

  /** Incidents, and work not yet shown, stay. */
  @Delete()
  async clear(): Promise<CacheCleared> {
    const cleared = await this.store.clear();
    this.logger.warn({ cleared }, 'threads forgotten on request');
    return { message: `${cleared} thread${cleared === 1 ? '' : 's'} forgotten`, cleared };
  }
}
