import type { IncomingMessage } from 'node:http';
import { isJsonObject, parseJson } from '../json.js';
import type { DisconnectReason } from '../sockets/connection.js';
import type { Answer, ControlParts } from './control-parts.js';
import { readBody } from './read-body.js';

const REASONS: readonly DisconnectReason[] = ['warning', 'refresh_requested', 'link_disabled'];

/** Slack's side of Socket Mode by hand. False when the address is not one of these. */
export async function serveSockets(
  { sockets }: ControlParts,
  url: URL,
  request: IncomingMessage,
  answer: Answer,
): Promise<boolean> {
  switch (`${request.method ?? 'GET'} ${url.pathname}`) {
    case 'GET /control/sockets':
      answer(200, {
        ok: true,
        opened: sockets.opened,
        connections: sockets.connections.map(({ id, openedAt, state, disconnectReason }) => ({
          id,
          openedAt,
          state,
          disconnectReason: disconnectReason ?? null,
        })),
        envelopes: sockets.envelopes,
      });
      return true;
    case 'POST /control/sockets/disconnect': {
      const body = parseJson((await readBody(request)) || '{}');
      const given = isJsonObject(body) ? body : {};
      const reason = REASONS.find((known) => known === (given.reason ?? 'warning'));
      if (!reason) {
        answer(400, { ok: false, error: `reason must be one of ${REASONS.join(', ')}` });
        return true;
      }
      sockets.disconnect(reason, typeof given.closeAfterMs === 'number' ? { closeAfterMs: given.closeAfterMs } : {});
      answer(200, { ok: true });
      return true;
    }
    case 'POST /control/sockets/drop':
      sockets.drop();
      answer(200, { ok: true });
      return true;
    default:
      return false;
  }
}
