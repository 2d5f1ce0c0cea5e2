import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Ends the connection that began no request for the longest time when there are more than `max`: one that says nothing, is
 * kept alive, or whose body or answer takes long. Not `server.maxConnections`, which drops the newest: who opens that many
 * and says nothing would keep senders and Kubernetes' probes out.
 */
export const limitConnections = (server: Server, max: number): void => {
  const open = new Set<Socket>(); // the one whose request is longest ago first
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    if (open.size <= max) return;
    const [longest] = open;
    if (longest === undefined) return;
    open.delete(longest);
    longest.destroy();
  });
  server.on('request', ({ socket }) => {
    if (open.delete(socket)) open.add(socket);
  });
};
