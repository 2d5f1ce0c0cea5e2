import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults } from '../faults/faults.js';
import { perform } from '../faults/perform.js';
import { readWebApiRequest } from '../web-api/read-request.js';
import type { WebApi } from '../web-api/web-api.js';
import { httpExchange } from './exchange.js';
import { readBody } from './read-body.js';

export interface WebApiEndpoint {
  webApi: WebApi;
  faults: Faults;
  /** Aborted when the simulator closes: waits end, and what they waited for does not happen. */
  closing: AbortSignal;
  /** Called when a call's outcome is known. */
  settled: () => void;
}

/** Answers one call under /api/, with the fault that is in its way. */
export async function serveWebApi(
  endpoint: WebApiEndpoint,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { webApi, faults, closing, settled } = endpoint;
  const { authorization, 'content-type': contentType } = request.headers;
  const headers = { ...(authorization && { authorization }), ...(contentType && { contentType }) };
  const method = decodeURIComponent(url.pathname.slice('/api/'.length));
  const asked = readWebApiRequest(method, url.searchParams, headers, await readBody(request));
  const call = webApi.arrived(asked);
  const exchange = httpExchange(response, call, () => webApi.accept(call, asked), closing);
  const fault = faults.take(call);
  try {
    if (fault) await perform(fault, exchange);
    else exchange.send(exchange.accept());
  } catch (error) {
    if (!closing.aborted) throw error;
    call.outcome = 'closed';
  } finally {
    settled();
  }
}
