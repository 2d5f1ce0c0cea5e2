/**
 * A process that meets all that can go wrong with a socket, one after the other, and then ends by itself: an unhandled
 * rejection would end it earlier, with code 1, and a leaked handle never. Says `alive` before its end.
 */
import type { Fault } from '../../simulator/faults/fault.js';
import { SocketWorld } from './socket-world.js';

const METHOD = 'apps.connections.open';

const FAULTS: readonly Fault[] = [
  { kind: 'http', status: 500, method: METHOD },
  { kind: 'error', code: 'invalid_auth', method: METHOD },
  { kind: 'error', code: 'internal_error', method: METHOD },
  { kind: 'reset-before', method: METHOD },
  { kind: 'broken-body', method: METHOD },
  { kind: 'html', method: METHOD },
  { kind: 'rate-limit', retryAfter: 1, method: METHOD },
  { kind: 'rate-limit', retryAfter: null, method: METHOD },
  { kind: 'refuse-upgrade', status: 500 },
  { kind: 'refuse-upgrade', status: 408 },
  { kind: 'no-hello' },
];

const world = await SocketWorld.start({
  pongWithinMs: 300,
  handle: ({ type }) => Promise.reject(new Error(type)),
});
const { faults, sockets } = world.simulator;

let reconnects = 0;
const next = async (): Promise<void> => {
  reconnects += 1;
  await world.connected(reconnects);
  await sockets.send('interactive', { reconnects }).ended;
};

for (const fault of FAULTS) {
  const handle = faults.add(fault);
  sockets.drop();
  await next();
  if (handle.hits !== 1) throw new Error(`${fault.kind} was met ${handle.hits} times`);
}
for (const reason of ['warning', 'refresh_requested', 'link_disabled', 'too_many_websockets'] as const) {
  sockets.disconnect(reason, { closeAfterMs: 0 });
  await next();
}
for (const text of ['{', 'null', '{"type":"events_api","payload":null}', '{"type":"error"}', '{"type":"close"}']) {
  sockets.sendRaw(text);
}
for (const type of ['events_api', 'error', 'close', 'interactive']) await sockets.send(type, null).ended;
const silence = faults.add({ kind: 'silent' });
await world.until('the silence to be noticed', () => world.socket.status().state === 'reconnecting');
await silence.remove();
await next();
faults.add({ kind: 'keeps-tcp', closeFrame: 'unanswered' });
await world.close();
process.stdout.write('alive\n');
