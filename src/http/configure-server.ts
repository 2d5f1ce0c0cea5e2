import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { MAX_CONNECTIONS, SERVER_TIMES } from './http-limits.js';
import { limitConnections } from './limit-connections.js';

/** Bounds connections and their times. To be called before the server listens, since Node reads the times then. */
export const configureServer = (server: Server): void => {
  Object.assign(server, SERVER_TIMES);
  limitConnections(server, MAX_CONNECTIONS);
  // Who reads the body says 100 Continue, so that a body which is refused is not sent at all.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    server.emit('request', request, response);
  });
};
