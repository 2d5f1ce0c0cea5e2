import { Injectable } from '@nestjs/common';
import type { AlertServer } from '../domain/incident.js';
import { AppLogger } from '../logging/logger.js';
import { SilenceError, Silences, type SilenceClient } from '../silences/silence-client.js';

/** Questions to the servers, whose failure is no failure of ours: they are asked again. */
@Injectable()
export class SilenceServers {
  constructor(
    private readonly silences: Silences,
    private readonly logger: AppLogger,
  ) {}

  /** @returns undefined when the server could not answer */
  async ask<T>(server: AlertServer, question: (client: SilenceClient) => Promise<T>): Promise<T | undefined> {
    const client = this.silences.of(server);
    if (client === undefined) return undefined;
    try {
      return await question(client);
    } catch (error) {
      if (!(error instanceof SilenceError)) throw error;
      this.logger.warn({ server, code: error.code }, 'silences could not be asked for');
      return undefined;
    }
  }
}
