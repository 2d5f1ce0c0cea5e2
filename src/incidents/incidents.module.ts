import { Module } from '@nestjs/common';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { ThreadStoreModule } from '../thread-store/thread-store.module.js';
import { IncidentsController } from './incidents.controller.js';
import { IncidentsService } from './incidents.service.js';
import { AlertReceiver } from './receive.js';

/** Incidents: what happens to them, and their REST view. */
@Module({
  imports: [ThreadStoreModule, DeliveryModule],
  controllers: [IncidentsController],
  providers: [{ provide: AlertReceiver, useClass: IncidentsService }],
  exports: [AlertReceiver],
})
export class IncidentsModule {}
