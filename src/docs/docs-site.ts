import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { openApi } from './open-api.js';

/** Files of Swagger UI that the page needs; it comes with @nestjs/swagger. */
const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

/** Nothing is loaded from elsewhere. Swagger UI sets styles in its elements and draws its icons from data: addresses. */
const POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Alert Threader: HTTP interface</title>
<base href="/docs/">
<link rel="icon" href="favicon-32x32.png">
<link rel="stylesheet" href="swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="swagger-ui-bundle.js"></script>
<script src="start.js"></script>
</body>
</html>
`;

/** `validatorUrl`: null, or the page would show the document to Swagger's own site. */
const START = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#swagger-ui', validatorUrl: null, deepLinking: true });
`;

const assetFolder = (): string => {
  const swagger = createRequire(import.meta.url).resolve('@nestjs/swagger');
  return dirname(createRequire(swagger).resolve('swagger-ui-dist/package.json'));
};

/** Serves the page, its files and the OpenAPI document. */
export const docsSite = (app: INestApplication) => {
  const folder = assetFolder();
  const document = openApi(app);
  return (request: Request, response: Response, next: NextFunction): void => {
    const file = request.path.slice(1);
    response.setHeader('Content-Security-Policy', POLICY);
    if (request.method !== 'GET' && request.method !== 'HEAD') next();
    else if (file === '') response.type('html').send(PAGE);
    else if (file === 'start.js') response.type('js').send(START);
    else if (file === 'openapi.json') response.json(document);
    else if (ASSETS.includes(file)) response.sendFile(join(folder, file));
    else next();
  };
};
