import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** What Node's server does before any handler. */
export const configureServer = (server: Server): void => {
  // Who reads the body says 100 Continue, so that a body which is refused is not sent at all.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    server.emit('request', request, response);
  });
};
