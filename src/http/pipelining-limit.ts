import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Ends a connection on which more than `max` requests wait for the answer to the one before. Node hands on at once all that
 * one read brings, 800 requests or more, and their answers would wait in memory for a client that reads none.
 * @returns judges a request that has just begun: true when its connection was ended, and it is to be left alone
 */
export const pipeliningLimit = (max: number) => {
  const waiting = new WeakMap<Socket, number>();
  const add = (socket: Socket, change: 1 | -1): number => {
    const count = (waiting.get(socket) ?? 0) + change;
    waiting.set(socket, count);
    return count;
  };
  return ({ socket }: IncomingMessage, response: ServerResponse): boolean => {
    if (response.socket !== null) return false; // Node gives the socket to one response after the other
    if (socket.destroyed) return true;
    if (add(socket, 1) > max) {
      socket.destroy();
      return true;
    }
    response.once('close', () => add(socket, -1));
    return false;
  };
};
