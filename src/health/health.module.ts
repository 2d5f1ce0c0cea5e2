import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { ThreadStoreModule } from '../thread-store/thread-store.module.js';
import { HealthController } from './health.controller.js';
import { OldestWaitingHealth } from './oldest-waiting.health.js';
import { SlackHealth } from './slack.health.js';
import { ThreadStoreHealth } from './thread-store.health.js';

/** GET /health, /health/live and /health/ready. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false }), ThreadStoreModule, DeliveryModule],
  controllers: [HealthController],
  providers: [ThreadStoreHealth, SlackHealth, OldestWaitingHealth],
})
export class HealthModule {}
