import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { BodyBudget } from '../http/body-budget.js';
import { jsonBody } from '../http/json-body.js';
import { SilencesModule } from '../silences/silences.module.js';
import { ThreadStoreModule } from '../thread-store/thread-store.module.js';
import { CommandObserver } from './command-observer.js';
import { EachSilenced } from './each-silenced.js';
import { Folding } from './folding.js';
import { IncidentChanges } from './incident-changes.js';
import { IncidentCommandsController } from './incident-commands.controller.js';
import { IncidentCommandsService } from './incident-commands.service.js';
import { IncidentCommands } from './incident-commands.js';
import { IncidentsController } from './incidents.controller.js';
import { IncidentsService } from './incidents.service.js';
import { ObservedCommands } from './observed-commands.js';
import { AlertReceiver } from './receive.js';
import { SilenceEnds } from './silence-ends.js';
import { SilenceRequests } from './silence-requests.js';
import { SilenceServers } from './silence-servers.js';
import { SilenceWatch } from './silence-watch.js';
import { SilencedAlerts } from './silenced-alerts.js';

const MAX_BODY_MB = 0.1;

/** Incidents: what happens to them, what people do to them, and their REST view. */
@Module({
  imports: [ThreadStoreModule, DeliveryModule, SilencesModule],
  controllers: [IncidentsController, IncidentCommandsController],
  providers: [
    IncidentChanges,
    Folding,
    SilenceRequests,
    SilenceServers,
    EachSilenced,
    SilenceEnds,
    SilencedAlerts,
    SilenceWatch,
    IncidentCommandsService,
    {
      provide: IncidentCommands,
      useFactory: (commands: IncidentCommandsService, observer?: CommandObserver): IncidentCommands =>
        observer ? new ObservedCommands(commands, observer) : commands,
      inject: [IncidentCommandsService, { token: CommandObserver, optional: true }],
    },
    { provide: AlertReceiver, useClass: IncidentsService },
  ],
  exports: [AlertReceiver, IncidentCommands],
})
export class IncidentsModule implements NestModule {
  constructor(private readonly budget: BodyBudget) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(jsonBody({ budget: this.budget, limitMb: MAX_BODY_MB })).forRoutes(IncidentCommandsController);
  }
}
