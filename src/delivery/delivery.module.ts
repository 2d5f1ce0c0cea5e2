import { randomUUID } from 'node:crypto';
import { Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { LEASE_MS } from '../domain/lease.js';
import { AppLogger } from '../logging/logger.js';
import { RedisConnection } from '../redis/redis-connection.js';
import { SlackClient } from '../slack/slack-client.js';
import { SlackModule } from '../slack/slack.module.js';
import { ThreadStore } from '../thread-store/thread-store.js';
import { ThreadStoreModule } from '../thread-store/thread-store.module.js';
import { buildDelivery, type DeliveryNeeds } from './build-delivery.js';
import { Delivery } from './delivery.js';
import { InProcessPace } from './in-process-pace.js';
import { OperatorNotice } from './operator-notice.js';
import { Pace } from './pace.js';
import { ReconcilingDelivery } from './reconciling-delivery.js';
import { RedisPace } from './redis-pace.js';
import { RedisWakeUps } from './redis-wake-ups.js';
import { SharedClock } from './shared-clock.js';
import { SlackOperatorNotice } from './slack-operator-notice.js';

/** Absent with the file store. */
const REDIS = { token: RedisConnection, optional: true };

const paceOf = (clock: Clock, config: Config, redis?: RedisConnection | null): Pace => {
  const options = { postsPerSecond: config.slackPostsPerSecond, postBurst: config.slackPostBurst };
  return redis ? new RedisPace(clock, redis, options, config.redisKeyPrefix) : new InProcessPace(clock, options);
};

const sharedBy = (redis: RedisConnection, config: Config, owner: string): DeliveryNeeds['shared'] => ({
  leaseMs: LEASE_MS,
  wakeUps: new RedisWakeUps(redis, `${config.redisKeyPrefix}-changed`, owner),
  onLoss: (listener) => {
    redis.onNewMaster(listener);
  },
});

const provideDelivery = {
  provide: Delivery,
  useFactory: (
    store: ThreadStore,
    slack: SlackClient,
    pace: Pace,
    config: Config,
    own: Clock,
    logger: AppLogger,
    redis?: RedisConnection | null,
  ): Delivery => {
    const owner = randomUUID();
    const needs = { store, slack, pace, config, logger, random: Math.random, owner };
    return redis
      ? buildDelivery({ ...needs, clock: new SharedClock(redis, own), shared: sharedBy(redis, config, owner) })
      : buildDelivery({ ...needs, clock: own });
  },
  inject: [ThreadStore, SlackClient, Pace, Config, Clock, AppLogger, REDIS],
};

/** Brings Slack in line with the store, from the application's start to its end. */
@Module({
  imports: [ThreadStoreModule, SlackModule],
  providers: [
    { provide: Pace, useFactory: paceOf, inject: [Clock, Config, REDIS] },
    provideDelivery,
    {
      provide: OperatorNotice,
      useFactory: (slack: SlackClient, pace: Pace, clock: Clock, logger: AppLogger, config: Config) =>
        new SlackOperatorNotice(slack, pace, clock, logger, config.slackChannel),
      inject: [SlackClient, Pace, Clock, AppLogger, Config],
    },
  ],
  exports: [Delivery, OperatorNotice, Pace],
})
export class DeliveryModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(private readonly delivery: Delivery) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.delivery instanceof ReconcilingDelivery) await this.delivery.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.delivery instanceof ReconcilingDelivery) await this.delivery.stop();
  }
}
