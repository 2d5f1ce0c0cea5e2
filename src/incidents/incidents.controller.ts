import { Controller, Get, Param, Query, UseGuards, ValidationPipe } from '@nestjs/common';
import { Config } from '../config/config.js';
import { isIncidentId } from '../domain/incident-id.js';
import type { IncidentThread } from '../domain/record.js';
import { AdminGuard } from '../http/admin.guard.js';
import { AppLogger } from '../logging/logger.js';
import { ThreadStore } from '../thread-store/thread-store.js';
import { anyIncidentView, type IncidentView, type UnshownIncident } from './incident-view.js';
import { ListIncidentsQuery } from './list-incidents.query.js';
import { noSuchIncident } from './no-such-incident.js';

export interface IncidentList {
  /** Newest first. */
  readonly items: readonly (IncidentView | UnshownIncident)[];
  /** Of the next page; null on the last one. */
  readonly next_cursor: string | null;
}

/** Incidents to read, open ones and the history. */
@Controller('incidents')
@UseGuards(AdminGuard)
export class IncidentsController {
  constructor(
    private readonly config: Config,
    private readonly store: ThreadStore,
    private readonly logger: AppLogger,
  ) {}

  @Get()
  async list(
    @Query(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }))
    query: ListIncidentsQuery,
  ): Promise<IncidentList> {
    const page = await this.store.list(query);
    return {
      items: page.items.map((thread) => this.view(thread)),
      next_cursor: page.nextCursor ?? null,
    };
  }

  @Get(':id')
  async one(@Param('id') id: string): Promise<IncidentView | UnshownIncident> {
    const thread = isIncidentId(id) ? await this.store.incident(id) : undefined;
    if (thread === undefined) throw noSuchIncident(id);
    return this.view(thread);
  }

  private view(thread: IncidentThread): IncidentView | UnshownIncident {
    const { channel, incident } = thread;
    return anyIncidentView(thread, this.config.slackChannel, (error) => {
      const fields = { threadKey: incident.key, channel, incidentId: incident.id };
      this.logger.error({ ...fields, err: error }, 'incident can not be shown whole');
    });
  }
}
