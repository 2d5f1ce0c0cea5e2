import type { IncomingMessage } from 'node:http';
import { isJsonType } from './json-type.js';

const LOOPBACK_ADDRESS = /^(::1|(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/i;
const LOOPBACK_HOST = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i;

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const isRelay = (header: string): boolean =>
  header === 'forwarded' || header === 'via' || header.startsWith('x-forwarded-');

/**
 * Why a request isn't taken for one that a person makes on this machine, or undefined if it is. The address alone says
 * little: a proxy on this machine passes strangers' requests on, and a browser sends what any web page asks it to.
 */
export const notLocal = (request: IncomingMessage): string | undefined => {
  const { headers, socket } = request;
  if (!LOOPBACK_ADDRESS.test(socket.remoteAddress ?? '')) return 'it comes from another machine';
  if (!LOOPBACK_HOST.test(headers.host ?? '')) return 'its Host header names another machine';
  if (headers.origin !== undefined) return 'it has an Origin header, so a web page made it';
  const relay = Object.keys(headers).find(isRelay);
  if (relay !== undefined) return `it has the header ${relay.slice(0, 40)}, so a proxy passed it on`;
  if (hasBody(request) && !isJsonType(headers['content-type'])) return 'its body is not application/json';
  return undefined;
};
