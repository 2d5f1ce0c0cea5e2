import type { IncomingMessage } from 'node:http';
import { excerpt } from '../domain/excerpt.js';
import { isJsonType } from './json-type.js';

const LOOPBACK_ADDRESS = /^(::1|(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/i;
const LOOPBACK_HOST = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i;

/**
 * Headers that clients send of themselves: curl, wget, libraries, browsers. Proxies mark what they pass on with headers
 * of many names (X-Real-IP, CF-Connecting-IP, X-Envoy-…), and new ones appear, so any header beyond these counts as a
 * proxy's. https://www.iana.org/assignments/http-fields/http-fields.xhtml
 */
const CLIENT_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'authorization',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'date',
  'dnt',
  'expect',
  'host',
  'http2-settings', // Java asks for HTTP/2 with it
  'if-modified-since',
  'if-none-match',
  'keep-alive',
  'pragma',
  'priority',
  'range',
  'referer',
  'te',
  'transfer-encoding',
  'upgrade',
  'upgrade-insecure-requests',
  'user-agent',
]);

const isClientHeader = (header: string): boolean => CLIENT_HEADERS.has(header) || header.startsWith('sec-');

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * Why a request isn't taken for one that a person makes on this machine, or undefined if it is. The address alone says
 * little: a proxy on this machine passes strangers' requests on, and a browser sends what any web page asks it to. A
 * proxy that leaves no mark (HTTP/1.1, a loopback Host, no header of its own) can't be told from a client: only
 * ADMIN_TOKEN keeps strangers out there.
 */
export const notLocal = (request: IncomingMessage): string | undefined => {
  const { headers, socket, httpVersion, url } = request;
  if (!LOOPBACK_ADDRESS.test(socket.remoteAddress ?? '')) return 'it comes from another machine';
  if (!LOOPBACK_HOST.test(headers.host ?? '')) return 'its Host header names another machine';
  if (headers.origin !== undefined) return 'it has an Origin header, so a web page made it';
  const foreign = Object.keys(headers).find((header) => !isClientHeader(header));
  if (foreign !== undefined) return `it has the header ${excerpt(foreign, 40)}, as if a proxy passed it on`;
  // What nginx speaks to the servers behind it, unless it is told otherwise. No client of today does.
  if (httpVersion === '1.0' || httpVersion === '0.9') return `it speaks HTTP/${httpVersion}, as proxies do`;
  if (/^[a-z]+:/i.test(url ?? '')) return 'it names a whole address, as requests to proxies do';
  if (hasBody(request) && !isJsonType(headers['content-type'])) return 'its body is not application/json';
  return undefined;
};
