import type { Config } from '../config/config.js';
import { HttpSilenceClient } from './http-silence-client.js';
import type { AlertServer } from '../domain/incident.js';
import { Silences, type SilenceClient } from './silence-client.js';
import { silenceServerOf } from './silence-server.js';

/** A client for each server that the settings name. */
export class ConfiguredSilences extends Silences {
  private readonly clients: ReadonlyMap<AlertServer, SilenceClient>;

  constructor(config: Config) {
    super();
    const clients = new Map<AlertServer, SilenceClient>();
    for (const source of ['alertmanager', 'grafana'] as const) {
      const server = silenceServerOf(config, source);
      if (server !== undefined) clients.set(source, new HttpSilenceClient(server));
    }
    this.clients = clients;
  }

  of(source: AlertServer): SilenceClient | undefined {
    return this.clients.get(source);
  }
}
