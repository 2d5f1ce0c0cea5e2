import { Controller, Get, Inject, Optional } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { Delivery, type DeliveryStatus } from '../delivery/delivery.js';
import { RedisConnection } from '../redis/redis-connection.js';
import { SlackSocket } from '../slack/slack-socket.js';
import { socketView, type SocketView } from '../slack/socket-view.js';
import { ThreadStore, type StoreCounts } from '../thread-store/thread-store.js';
import { redisFigures, type RedisFigures } from './redis-figures.js';

export interface StatsAnswer {
  readonly cached_threads: number;
  readonly thread_store: string;
  readonly environment: string;
  /** When the service started. */
  readonly uptime: string;
  readonly uptime_seconds: number;
  /** By status, and `archived`: finished ones in the history, which count as resolved as well. */
  readonly incidents: StoreCounts['incidents'] & { readonly archived: number };
  /** What Slack doesn't show yet. */
  readonly queue: {
    readonly depth: number;
    readonly depth_by_channel: DeliveryStatus['depthByChannel'];
    readonly oldest_waiting_seconds: number;
    /** Records that need a look, now or later. */
    readonly pending: number;
  };
  /** Calls to Slack since the start, by method and outcome. */
  readonly slack_calls: DeliveryStatus['calls'];
  /** Socket Mode. */
  readonly socket: SocketView;
  /** With Redis only. */
  readonly redis?: RedisFigures;
}

@Controller('stats')
export class StatsController {
  private readonly startedAt: number;
  private readonly startedMonotonic: number;

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly store: ThreadStore,
    private readonly delivery: Delivery,
    private readonly socket: SlackSocket,
    @Optional() @Inject(RedisConnection) private readonly redis: RedisConnection | null,
  ) {
    this.startedAt = clock.now();
    this.startedMonotonic = clock.monotonic();
  }

  @Get()
  async stats(): Promise<StatsAnswer> {
    const { threads, incidents, archived, pending } = await this.store.counts();
    const { depth, depthByChannel, oldestWaitingMs, calls } = this.delivery.status();
    return {
      cached_threads: threads,
      thread_store: this.config.threadStore,
      environment: this.config.environment,
      uptime: new Date(this.startedAt).toISOString(),
      uptime_seconds: Math.floor((this.clock.monotonic() - this.startedMonotonic) / 1_000),
      incidents: { ...incidents, archived },
      queue: {
        depth,
        depth_by_channel: depthByChannel,
        oldest_waiting_seconds: Math.round(oldestWaitingMs / 1_000),
        pending,
      },
      slack_calls: calls,
      socket: socketView(this.socket.status()),
      ...(this.redis && { redis: await redisFigures(this.redis) }),
    };
  }
}
