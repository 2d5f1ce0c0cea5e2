import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Call } from '../calls/call.js';
import type { Exchange } from '../faults/exchange.js';
import type { Reply } from '../web-api/answer.js';

/** An exchange over node:http. */
export function httpExchange(
  response: ServerResponse,
  call: Call,
  accept: () => Reply,
  closing: AbortSignal,
): Exchange {
  return {
    call,
    accept,
    send: (reply) => {
      sendJson(response, reply);
    },
    sendRaw: (status, contentType, body, promised) => {
      response.writeHead(status, {
        'content-type': contentType,
        'content-length': promised ?? Buffer.byteLength(body),
      });
      if (promised === undefined) {
        response.end(body);
        return;
      }
      // What is left open stays open; a body that was begun is cut off once it is on its way.
      response.flushHeaders();
      if (body !== '') response.write(body, () => response.socket?.destroySoon());
    },
    reset: () => {
      response.socket?.resetAndDestroy();
    },
    delay: (ms) => wait(ms, undefined, { signal: closing }),
  };
}

export function sendJson(response: ServerResponse, { status, headers, body }: Reply): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}
