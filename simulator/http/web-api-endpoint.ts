import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults } from '../faults/faults.js';
import { perform } from '../faults/perform.js';
import { RESPONSE_PATH } from '../interactions/response-urls.js';
import type { Reply } from '../web-api/answer.js';
import { readWebApiRequest, type WebApiRequest } from '../web-api/read-request.js';
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

/** Answers one call under /api/, or to a response_url, with the fault that is in its way. */
export async function serveWebApi(
  endpoint: WebApiEndpoint,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { webApi, faults, closing, settled } = endpoint;
  const asked = readRequest(url, request, await readBody(request));
  const call = webApi.arrived(asked);
  const accept = (): Reply => {
    const reply = webApi.accept(call, asked);
    return asked.responsePath === undefined ? reply : asWebhook(reply);
  };
  const exchange = httpExchange(response, call, accept, closing);
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

function readRequest(url: URL, request: IncomingMessage, body: string): WebApiRequest {
  const { authorization, 'content-type': contentType } = request.headers;
  const headers = { ...(authorization && { authorization }), ...(contentType && { contentType }) };
  if (url.pathname.startsWith(RESPONSE_PATH)) {
    return { ...readWebApiRequest('response_url', url.searchParams, headers, body), responsePath: url.pathname };
  }
  return readWebApiRequest(decodeURIComponent(url.pathname.slice('/api/'.length)), url.searchParams, headers, body);
}

/** Unlike the Web API, hooks.slack.com says by its status that something was wrong. */
function asWebhook(reply: Reply): Reply {
  if (reply.body.ok === true || reply.status !== 200) return reply;
  const isGone = reply.body.error === 'expired_url' || reply.body.error === 'used_url';
  return { ...reply, status: isGone ? 404 : 400 };
}
