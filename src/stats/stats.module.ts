import { Module } from '@nestjs/common';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { SlackModule } from '../slack/slack.module.js';
import { ThreadStoreModule } from '../thread-store/thread-store.module.js';
import { CacheController } from './cache.controller.js';
import { StatsController } from './stats.controller.js';

/** GET /stats, GET and DELETE /cache. */
@Module({
  imports: [ThreadStoreModule, DeliveryModule, SlackModule],
  controllers: [StatsController, CacheController],
})
export class StatsModule {}
