import type { Method } from '../method.js';

/** One use, and soon: the address of a WebSocket. */
export const openConnection: Method = ({ sockets, url }) => ({ url: sockets.issueUrl(url) });
