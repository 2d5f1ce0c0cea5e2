import type { IncomingMessage, ServerResponse } from 'node:http';
import { isStanding, type Fault } from '../faults/fault.js';
import { isJsonObject, parseJson } from '../json.js';
import type { Answer, ControlParts } from './control-parts.js';
import { servePeople } from './control-people.js';
import { serveSockets } from './control-sockets.js';
import { sendJson } from './exchange.js';
import { readBody } from './read-body.js';

/** `refused` closes this port too, so by hand it has to end by itself. */
const REFUSED_MS = 10_000;

const KINDS: readonly Fault['kind'][] = [
  'rate-limit',
  'http',
  'error',
  'reset-before',
  'reset-after',
  'late-accept',
  'hang',
  'slow',
  'html',
  'broken-body',
  'stalled-body',
  'refuse-upgrade',
  'no-hello',
  'late-hello',
  'duplicate',
  'slow-delivery',
  'refused',
  'history-lag',
  'not-member',
  'silent',
  'keeps-tcp',
  'ghosts',
];

/** What tests do through the programmatic interface, for curl. */
export async function serveControl(
  parts: ControlParts,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { workspace, faults, webApi } = parts;
  const answer: Answer = (status, body) => {
    sendJson(response, { status, headers: {}, body });
  };
  // A page elsewhere in the browser must not be able to steer the simulator.
  if (request.headers.origin !== undefined && request.headers.origin !== url.origin) {
    answer(403, { ok: false, error: 'calls from other origins are refused' });
    return;
  }
  if (await serveSockets(parts, url, request, answer)) return;
  if (await servePeople(parts, url, request, answer)) return;
  switch (`${request.method ?? 'GET'} ${url.pathname}`) {
    case 'GET /control/calls':
      answer(200, { ok: true, calls: webApi.calls });
      return;
    case 'GET /control/messages': {
      const channel = workspace.findChannel(url.searchParams.get('channel') ?? '');
      if (channel) answer(200, { ok: true, messages: channel.all() });
      else
        answer(404, { ok: false, error: `name one of ?channel=${workspace.channels.map(({ id }) => id).join('|')}` });
      return;
    }
    case 'GET /control/faults':
      answer(200, { ok: true, faults: faults.list() });
      return;
    case 'DELETE /control/faults':
      await faults.clear();
      answer(200, { ok: true });
      return;
    case 'POST /control/faults': {
      const fault = readFault(parseJson(await readBody(request)));
      if (typeof fault === 'string') {
        answer(400, { ok: false, error: fault });
        return;
      }
      answer(200, { ok: true, fault: { ...fault } });
      // After the answer: `refused` would cut it off.
      response.once('finish', () => faults.add(fault));
      return;
    }
    default:
      answer(404, { ok: false, error: 'see the table in simulator/README.md' });
  }
}

/** The fault, or what is wrong with it. JSON knows no Infinity: `"times": "always"` stands for it. */
function readFault(body: unknown): Fault | string {
  if (!isJsonObject(body)) return 'the body must be a JSON object with a kind';
  const kind = KINDS.find((known) => known === body.kind);
  if (!kind) return `kind must be one of ${KINDS.join(', ')}`;
  for (const [name, needs] of Object.entries({
    delayMs: ['late-accept', 'slow', 'late-hello', 'slow-delivery'],
    status: ['http', 'refuse-upgrade'],
    seconds: ['history-lag'],
    count: ['ghosts'],
  })) {
    if (needs.includes(kind) && typeof body[name] !== 'number') return `${kind} needs a number: ${name}`;
  }
  for (const [name, needs] of Object.entries({ code: ['error'], channel: ['not-member'] })) {
    if (needs.includes(kind) && typeof body[name] !== 'string') return `${kind} needs a text: ${name}`;
  }
  const fault = { ...body, kind, ...(body.times === 'always' && { times: Infinity }) } as unknown as Fault;
  return isStanding(fault) && fault.kind === 'refused' ? { forMs: REFUSED_MS, ...fault } : fault;
}
