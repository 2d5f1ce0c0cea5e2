import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { AppLogger } from '../logging/logger.js';
import { ErrorFilter } from './error.filter.js';

const secureHeaders = (_request: Request, response: Response, next: NextFunction): void => {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  next();
};

/** What holds for every endpoint. The application is created with `bodyParser: false`: who takes a body reads it. */
export const configureHttp = (app: NestExpressApplication): void => {
  app.disable('x-powered-by');
  app.set('etag', false); // answers are never cached; the hash would cost more than the rest of the answer
  app.use(secureHeaders);
  app.useGlobalFilters(new ErrorFilter(app.get(AppLogger)));
};
