import { Global, Module, type ModuleMetadata } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { Clock } from '../../src/clock/clock.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { loadConfig, type EnvironmentVariables } from '../../src/config/load-config.js';
import { configureHttp } from '../../src/http/configure-http.js';
import { HttpModule } from '../../src/http/http.module.js';
import { AppLogger } from '../../src/logging/logger.js';
import { LogLines } from './log-lines.js';
import { ManualClock } from './manual-clock.js';

const ENVIRONMENT = { SLACK_BOT_TOKEN: 'xoxb-test', SLACK_CHANNEL: 'C0123456789', ENVIRONMENT: 'production' };

export interface HttpApp {
  readonly app: NestExpressApplication;
  readonly clock: ManualClock;
  readonly log: LogLines;
}

/** An application of some controllers with the real HTTP set-up, started on a free port of 127.0.0.1. */
export const startHttpApp = async (
  { imports = [], ...metadata }: ModuleMetadata,
  environment: EnvironmentVariables = {},
  clock = new ManualClock(),
): Promise<HttpApp> => {
  const log = new LogLines();

  @Global()
  @Module({
    providers: [
      { provide: Clock, useValue: clock },
      { provide: AppLogger, useValue: log },
    ],
    exports: [Clock, AppLogger],
  })
  class Surroundings {}

  const config = loadConfig({ ...ENVIRONMENT, ...environment });
  const module = await Test.createTestingModule({
    imports: [ConfigModule.forRoot(config), Surroundings, HttpModule, ...imports],
    ...metadata,
  }).compile();
  const app = module.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: false });
  configureHttp(app);
  await app.listen(0, '127.0.0.1');
  return { app, clock, log };
};
