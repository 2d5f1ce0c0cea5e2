import { Controller, Get, Header, Inject, Optional, Res, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';
import type { Response } from 'express';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { errorAnswer, type ErrorAnswer } from '../http/error-answer.js';
import { RedisConnection, type RedisStatus } from '../redis/redis-connection.js';
import { ThreadStore } from '../thread-store/thread-store.js';
import { FoldingHealth } from './folding.health.js';
import { OldestWaitingHealth } from './oldest-waiting.health.js';
import { RecordsApartHealth } from './records-apart.health.js';
import { SlackHealth } from './slack.health.js';
import { SocketHealth } from './socket.health.js';
import { ThreadStoreHealth } from './thread-store.health.js';
import { within } from './within.js';

/** Reading the counts may take this long; they are left out of the answer then. */
const COUNTS_LIMIT_MS = 1_000;
const UNHEALTHY = 'the store takes no alerts at the moment';
const NO_CACHE = ['Cache-Control', 'no-cache, no-store, must-revalidate'] as const;

export interface HealthAnswer extends Partial<ErrorAnswer> {
  /** `degraded`: alerts are taken and kept, but something needs care: Slack does not show them in time, something is wrong with a record, or Redis is not set up for it. */
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly environment: string;
  readonly channel: string;
  readonly thread_store: string;
  /** With Redis only: whether we are connected. */
  readonly redis_status?: RedisStatus['state'];
  /** Null when the store can't be read. */
  readonly cached_threads: number | null;
  readonly timestamp: string;
  readonly details: HealthCheckResult['details'];
}

export interface ProbeAnswer extends Partial<ErrorAnswer> {
  readonly status: 'alive' | 'ready' | 'unhealthy';
}

@Controller('health')
export class HealthController {
  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly store: ThreadStore,
    private readonly health: HealthCheckService,
    private readonly storeHealth: ThreadStoreHealth,
    private readonly slackHealth: SlackHealth,
    private readonly waitingHealth: OldestWaitingHealth,
    private readonly socketHealth: SocketHealth,
    private readonly foldingHealth: FoldingHealth,
    private readonly apartHealth: RecordsApartHealth,
    @Optional() @Inject(RedisConnection) private readonly redis: RedisConnection | null,
  ) {}

  /** 503 only when the store takes no alerts: people point liveness probes here, and a restart mends no Slack. */
  @Get()
  @Header(...NO_CACHE)
  async overview(@Res({ passthrough: true }) response: Response): Promise<HealthAnswer> {
    const result = await this.check([
      () => this.storeHealth.check(),
      () => this.slackHealth.check(),
      () => this.waitingHealth.check(),
      () => this.socketHealth.check(),
      () => this.foldingHealth.check(),
      () => this.apartHealth.check(),
    ]);
    const down = result.status === 'error' || result.status === 'shutting_down';
    if (down) response.status(503);
    return {
      ...(down && errorAnswer(503, UNHEALTHY)),
      status: down ? 'unhealthy' : result.status === 'degraded' ? 'degraded' : 'healthy',
      environment: this.config.environment,
      channel: this.config.slackChannel,
      thread_store: this.config.threadStore,
      ...(this.redis && { redis_status: this.redis.status().state }),
      cached_threads: await this.threads(),
      timestamp: new Date(this.clock.now()).toISOString(),
      details: result.details,
    };
  }

  /** The process alone. */
  @Get('live')
  @Header(...NO_CACHE)
  live(): ProbeAnswer {
    return { status: 'alive' };
  }

  /** The store alone: a Slack that fails must not stop alerts from being taken. */
  @Get('ready')
  @Header(...NO_CACHE)
  async ready(@Res({ passthrough: true }) response: Response): Promise<ProbeAnswer> {
    const { status } = await this.check([() => this.storeHealth.check()]);
    if (status === 'ok' || status === 'degraded') return { status: 'ready' };
    response.status(503);
    return { ...errorAnswer(503, UNHEALTHY), status: 'unhealthy' };
  }

  /** Terminus throws a result that is down; it is a result all the same. */
  private async check(indicators: Parameters<HealthCheckService['check']>[0]): Promise<HealthCheckResult> {
    try {
      return await this.health.check(indicators);
    } catch (error) {
      if (error instanceof ServiceUnavailableException) return error.getResponse() as HealthCheckResult;
      throw error;
    }
  }

  private async threads(): Promise<number | null> {
    try {
      return (await within(this.clock, COUNTS_LIMIT_MS, this.store.counts())).threads;
    } catch {
      return null; // thread_store in the details says why
    }
  }
}
