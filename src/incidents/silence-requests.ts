import { Injectable } from '@nestjs/common';
import type { Incident, SilenceRequest } from '../domain/incident.js';
import { threadsOf, type ThreadRecord } from '../domain/record.js';
import { transition } from '../domain/transition.js';
import { AppLogger } from '../logging/logger.js';
import { SilenceError, Silences, type SilenceClient, type SilenceState } from '../silences/silence-client.js';
import { IncidentChanges, type Changed } from './incident-changes.js';

export interface SilenceOutcome {
  readonly changed: Changed;
  readonly error?: SilenceError;
}

/** Has a server do what a stored silence request asks for, and notes how it went. */
@Injectable()
export class SilenceRequests {
  /** Requests whose call runs in this process. */
  private readonly running = new Set<string>();

  constructor(
    private readonly silences: Silences,
    private readonly changes: IncidentChanges,
    private readonly logger: AppLogger,
  ) {}

  isRunning(request: SilenceRequest): boolean {
    return this.running.has(request.id);
  }

  /**
   * @param again an earlier process may have made the silence: it is looked for first
   * @throws {StoreUnavailableError} the outcome could not be saved; the request is taken up again later
   */
  async perform(
    record: ThreadRecord,
    incident: Incident,
    request: SilenceRequest,
    again = false,
  ): Promise<SilenceOutcome> {
    this.running.add(request.id);
    try {
      return await this.settle(record, incident, request, again);
    } finally {
      this.running.delete(request.id);
    }
  }

  private async settle(
    record: ThreadRecord,
    incident: Incident,
    request: SilenceRequest,
    again: boolean,
  ): Promise<SilenceOutcome> {
    const incidentId = incident.id;
    const requestId = request.id;
    try {
      const silenceId = await this.call(incident, request, again);
      const event = { type: 'silence-done', incidentId, requestId, silenceId } as const;
      const changed = await this.changes.change(record, (before, context) => transition(before, event, context));
      if (!request.end) await this.endIfNobodys(changed, request, incidentId, silenceId);
      return { changed };
    } catch (error) {
      if (!(error instanceof SilenceError)) throw error;
      this.logger.warn({ incidentId, code: error.code }, 'silence not made');
      return { changed: await this.drop(record, incidentId, requestId), error };
    }
  }

  /** Forgets a request that was not met. */
  drop(record: ThreadRecord, incidentId: string, requestId: string): Promise<Changed> {
    const event = { type: 'silence-failed', incidentId, requestId } as const;
    return this.changes.change(record, (before, context) => transition(before, event, context));
  }

  /**
   * Another replica took the request up as well and was faster, or a new incident of the problem came first: nobody
   * would end a silence that no incident has.
   */
  private async endIfNobodys(
    { record }: Changed,
    { server }: SilenceRequest,
    incidentId: string,
    silenceId: string,
  ): Promise<void> {
    if (threadsOf(record).some(({ incident }) => incident.silence?.id === silenceId)) return;
    try {
      await this.silences.of(server)?.expire(silenceId);
    } catch (error) {
      if (!(error instanceof SilenceError)) throw error;
      this.logger.warn(
        { incidentId, silenceId, code: error.code },
        'a silence that no incident has could not be ended',
      );
    }
  }

  private async call(incident: Incident, request: SilenceRequest, again: boolean): Promise<string> {
    const client = this.silences.of(request.server);
    if (client === undefined) throw new SilenceError('refused', 'no_server', `no ${request.server} is configured`);
    const { silence } = incident;
    if (request.end) {
      if (silence !== null) await client.expire(silence.id);
      return silence?.id ?? '';
    }
    const made = again ? await this.find(client, request) : undefined;
    return made?.id ?? this.put(client, incident, request);
  }

  /** After an answer that never came, what was asked for may be there all the same. */
  private async put(client: SilenceClient, { silence }: Incident, request: SilenceRequest): Promise<string> {
    const { matchers, until: endsAt, at: startsAt, createdBy, comment } = request;
    const draft = { matchers, startsAt, endsAt, createdBy, comment };
    try {
      return await client.put(silence === null ? draft : { ...draft, id: silence.id });
    } catch (error) {
      if (!(error instanceof SilenceError) || error.kind !== 'ambiguous') throw error;
      const found = await this.find(client, request).catch(() => undefined);
      if (found === undefined) throw error;
      return found.id;
    }
  }

  private async find(client: SilenceClient, request: SilenceRequest): Promise<SilenceState | undefined> {
    const all = await client.list();
    return all.find(
      ({ state, endsAt, comment, createdBy }) =>
        state !== 'expired' &&
        Math.abs(endsAt - request.until) < 1_000 &&
        comment === request.comment &&
        createdBy === request.createdBy,
    );
  }
}
