import { Module, type DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { FrameworkLogger } from './framework-logger.js';
import { AppLogger } from './logger.js';

/** Makes the logger injectable everywhere as {@link AppLogger}. Requests are not logged: refused and failed ones are, by ErrorFilter. */
@Module({})
export class LoggingModule {
  static forRoot(logger: Logger): DynamicModule {
    return {
      module: LoggingModule,
      global: true,
      imports: [LoggerModule.forRoot({ pinoHttp: { logger }, forRoutes: [] })], // no middleware: it costs each webhook 10 µs
      providers: [{ provide: AppLogger, useValue: logger }, FrameworkLogger],
      exports: [AppLogger, FrameworkLogger],
    };
  }
}
