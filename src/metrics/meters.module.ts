import { Module, type DynamicModule } from '@nestjs/common';
import { Registry } from 'prom-client';
import { WebhookObserver } from '../alerts/webhook-observer.js';
import { CommandObserver } from '../incidents/command-observer.js';
import { SlackCallObserver } from '../slack/call-observer.js';
import { StoreObserver } from '../thread-store/store-observer.js';
import { CommandMeters } from './command-meters.js';
import { IncidentMeters } from './incident-meters.js';
import { SlackCallMeters } from './slack-call-meters.js';
import { StoreMeters } from './store-meters.js';
import { WebhookMeters } from './webhook-meters.js';

/** Provides everywhere what other folders tell of what they do. It imports nothing, so that any module may ask for it. */
@Module({})
export class MetersModule {
  static forRoot(registry: Registry): DynamicModule {
    return {
      module: MetersModule,
      global: true,
      providers: [
        { provide: Registry, useValue: registry },
        IncidentMeters,
        { provide: WebhookObserver, useClass: WebhookMeters },
        { provide: CommandObserver, useClass: CommandMeters },
        { provide: SlackCallObserver, useClass: SlackCallMeters },
        { provide: StoreObserver, useClass: StoreMeters },
      ],
      exports: [Registry, WebhookObserver, CommandObserver, SlackCallObserver, StoreObserver],
    };
  }
}
