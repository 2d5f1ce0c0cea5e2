import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { ConfiguredSilences } from './configured-silences.js';
import { Silences } from './silence-client.js';

/** Silences in Alertmanager and Grafana: it knows no incident. */
@Module({
  providers: [
    { provide: Silences, useFactory: (config: Config): Silences => new ConfiguredSilences(config), inject: [Config] },
  ],
  exports: [Silences],
})
export class SilencesModule {}
