import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { ThreadStoreModule } from '../thread-store/thread-store.module.js';
import { FoldingHealth } from './folding.health.js';
import { HealthController } from './health.controller.js';
import { OldestWaitingHealth } from './oldest-waiting.health.js';
import { RecordsApartHealth } from './records-apart.health.js';
import { RedisWarnings } from './redis-warnings.js';
import { SlackModule } from '../slack/slack.module.js';
import { SlackHealth } from './slack.health.js';
import { SocketHealth } from './socket.health.js';
import { ThreadStoreHealth } from './thread-store.health.js';

/** GET /health, /health/live and /health/ready. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false }), ThreadStoreModule, DeliveryModule, SlackModule],
  controllers: [HealthController],
  providers: [
    RedisWarnings,
    ThreadStoreHealth,
    SlackHealth,
    OldestWaitingHealth,
    SocketHealth,
    FoldingHealth,
    RecordsApartHealth,
  ],
})
export class HealthModule {}
