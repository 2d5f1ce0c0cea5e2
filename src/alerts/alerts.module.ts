import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { Config } from '../config/config.js';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { IncidentsModule } from '../incidents/incidents.module.js';
import { AlertsController } from './alerts.controller.js';
import { PauseWatch } from './pause-watch.js';
import { WebhookAuth } from './webhook-auth.middleware.js';
import { WebhookBody } from './webhook-body.middleware.js';

/** POST /alert. */
@Module({
  imports: [IncidentsModule, DeliveryModule],
  controllers: [AlertsController],
  providers: [PauseWatch],
})
export class AlertsModule implements NestModule {
  constructor(private readonly config: Config) {}

  configure(consumer: MiddlewareConsumer): void {
    const auth = this.config.webhookToken === null ? [] : [WebhookAuth]; // each one costs every webhook 3 µs
    consumer.apply(...auth, WebhookBody).forRoutes(AlertsController);
  }
}
