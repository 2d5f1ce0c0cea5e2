import { randomUUID } from 'node:crypto';
import { Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { AppLogger } from '../logging/logger.js';
import { SlackClient } from '../slack/slack-client.js';
import { SlackModule } from '../slack/slack.module.js';
import { ThreadStore } from '../thread-store/thread-store.js';
import { ThreadStoreModule } from '../thread-store/thread-store.module.js';
import { buildDelivery } from './build-delivery.js';
import { Delivery } from './delivery.js';
import { OperatorNotice } from './operator-notice.js';
import { Pace } from './pace.js';
import { ReconcilingDelivery } from './reconciling-delivery.js';
import { SlackOperatorNotice } from './slack-operator-notice.js';

const provideDelivery = {
  provide: Delivery,
  useFactory: (
    store: ThreadStore,
    slack: SlackClient,
    pace: Pace,
    config: Config,
    clock: Clock,
    logger: AppLogger,
  ): Delivery => buildDelivery({ store, slack, pace, config, clock, logger, random: Math.random, owner: randomUUID() }),
  inject: [ThreadStore, SlackClient, Pace, Config, Clock, AppLogger],
};

/** Brings Slack in line with the store, from the application's start to its end. */
@Module({
  imports: [ThreadStoreModule, SlackModule],
  providers: [
    {
      provide: Pace,
      useFactory: (clock: Clock, config: Config) =>
        new Pace(clock, { postsPerSecond: config.slackPostsPerSecond, postBurst: config.slackPostBurst }),
      inject: [Clock, Config],
    },
    provideDelivery,
    {
      provide: OperatorNotice,
      useFactory: (slack: SlackClient, pace: Pace, clock: Clock, logger: AppLogger, config: Config) =>
        new SlackOperatorNotice(slack, pace, clock, logger, config.slackChannel),
      inject: [SlackClient, Pace, Clock, AppLogger, Config],
    },
  ],
  exports: [Delivery, OperatorNotice],
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
