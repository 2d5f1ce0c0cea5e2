import { Controller, Get, Param, Query, UseGuards, ValidationPipe } from '@nestjs/common';
import { Config } from '../config/config.js';
import { isIncidentId } from '../domain/incident-id.js';
import { AdminGuard } from '../http/admin.guard.js';
import { ThreadStore } from '../thread-store/thread-store.js';
import { incidentView, type IncidentView } from './incident-view.js';
import { ListIncidentsQuery } from './list-incidents.query.js';
import { noSuchIncident } from './no-such-incident.js';

export interface IncidentList {
  /** Newest first. */
  readonly items: readonly IncidentView[];
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
  ) {}

  @Get()
  async list(
    @Query(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }))
    query: ListIncidentsQuery,
  ): Promise<IncidentList> {
    const page = await this.store.list(query);
    return {
      items: page.items.map((thread) => incidentView(thread, this.config.slackChannel)),
      next_cursor: page.nextCursor ?? null,
    };
  }

  @Get(':id')
  async one(@Param('id') id: string): Promise<IncidentView> {
    const thread = isIncidentId(id) ? await this.store.incident(id) : undefined;
    if (thread === undefined) throw noSuchIncident(id);
    return incidentView(thread, this.config.slackChannel);
  }
}
