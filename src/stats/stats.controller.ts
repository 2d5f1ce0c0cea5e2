import { Controller, Get, Inject, Optional } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { Delivery, type DeliveryStatus } from '../delivery/delivery.js';
import { RedisConnection } from '../redis/redis-connection.js';
import { SlackSocket } from '../slack/slack-socket.js';
import { socketView, type SocketView } from '../slack/socket-view.js';
import { ThreadStore, wholeBacklog, type StoreCounts } from '../thread-store/thread-store.js';
import { depthByChannel } from './depth-by-channel.js';
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
  readonly queue: {
    /** Threads of which Slack does not show the latest; of all replicas, like the next two. */
    readonly depth: number;
    /** The same by channel, where there are any: the 50 deepest, and `other` for the sum of the rest. */
    readonly depth_by_channel: Readonly<Record<string, number>>;
    /** Since the oldest change that Slack does not show; 0 when it shows all. */
    readonly oldest_waiting_seconds: number;
    /** Threads whose turn for a call to Slack is to come in this process; those that wait for a next try are not among them. */
    readonly ready: number;
    /** Threads that are looked at again now or later, most of them resolved ones that leave for the history: no backlog. */
    readonly scheduled: number;
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
    const [{ threads, incidents, archived, pending }, { backlog }] = await Promise.all([
      this.store.counts(),
      this.store.overview(),
    ]);
    const { threads: depth, since } = wholeBacklog(backlog);
    const { ready, calls } = this.delivery.status();
    const now = this.clock.now();
    return {
      cached_threads: threads,
      thread_store: this.config.threadStore,
      environment: this.config.environment,
      uptime: new Date(this.startedAt).toISOString(),
      uptime_seconds: Math.floor((this.clock.monotonic() - this.startedMonotonic) / 1_000),
      incidents: { ...incidents, archived },
      queue: {
        depth,
        depth_by_channel: depthByChannel(backlog),
        oldest_waiting_seconds: Math.round(Math.max(0, now - (since ?? now)) / 1_000),
        ready,
        scheduled: pending,
      },
      slack_calls: calls,
      socket: socketView(this.socket.status()),
      ...(this.redis && { redis: await redisFigures(this.redis) }),
    };
  }
}
