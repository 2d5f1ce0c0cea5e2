import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';

type Site = (request: Request, response: Response, next: NextFunction) => void;

/** GET /docs. Swagger takes 170 ms and 20 MB to load, so it waits for the first reader. */
export const mountDocs = (app: NestExpressApplication): void => {
  let site: Promise<Site> | undefined;
  app.use('/docs', (request: Request, response: Response, next: NextFunction) => {
    site ??= import('./docs-site.js').then(({ docsSite }) => docsSite(app));
    site.then((serve) => {
      serve(request, response, next);
    }, next);
  });
};
