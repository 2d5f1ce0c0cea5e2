import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import type { AlertServer } from '../domain/incident.js';
import { AppLogger } from '../logging/logger.js';
import { SilenceError, Silences, type SilenceClient } from '../silences/silence-client.js';

/** A server that gave no answer is not asked for so long, or each silenced incident would wait for it in turn. Milliseconds. */
const REST_MS = 4_000;

/** Questions to the servers, whose failure is no failure of ours: they are asked again. */
@Injectable()
export class SilenceServers {
  /** By the monotonic clock. */
  private readonly restsUntil = new Map<AlertServer, number>();

  constructor(
    private readonly silences: Silences,
    private readonly logger: AppLogger,
    private readonly clock: Clock,
  ) {}

  /** @returns undefined when the server could not answer */
  async ask<T>(server: AlertServer, question: (client: SilenceClient) => Promise<T>): Promise<T | undefined> {
    const client = this.silences.of(server);
    if (client === undefined || this.clock.monotonic() < (this.restsUntil.get(server) ?? -Infinity)) return undefined;
    try {
      return await question(client);
    } catch (error) {
      if (!(error instanceof SilenceError)) throw error;
      if (error.kind === 'unavailable' || error.code === 'time_out') {
        this.restsUntil.set(server, this.clock.monotonic() + REST_MS);
      }
      this.logger.warn({ server, code: error.code }, 'silences could not be asked for');
      return undefined;
    }
  }
}
