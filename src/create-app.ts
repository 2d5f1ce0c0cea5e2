import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import type { Config } from './config/config.js';
import { mountDocs } from './docs/mount-docs.js';
import { configureHttp } from './http/configure-http.js';
import { FrameworkLogger } from './logging/framework-logger.js';

/** The service, ready to listen. Rejects with what stopped it, and prints nothing. */
export const createApp = async (config: Config, logger: Logger): Promise<NestExpressApplication> => {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config, logger), {
    bodyParser: false, // who takes a body reads it
    bufferLogs: true,
    autoFlushLogs: false,
    abortOnError: false,
  });
  app.useLogger(app.get(FrameworkLogger));
  app.flushLogs();
  configureHttp(app);
  mountDocs(app);
  return app;
};
