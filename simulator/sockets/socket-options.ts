/** How Slack's side of Socket Mode behaves. The waits run on the real clock, so a test makes them short. */
export interface SocketOptions {
  /** How long an envelope may stay unacknowledged, in ms. Default 3000, Slack's documented figure. */
  acknowledgeWithinMs?: number;
  /** Waits before an event that failed is sent again, in ms. Default 0, one minute, five minutes, as Slack documents. */
  retryDelaysMs?: readonly number[];
  /** Between the server's pings, in ms. Default 10,000. */
  pingEveryMs?: number;
  /** From a `disconnect` message to the end of its connection, in ms. Default 10,000, as Slack's `warning` announces. */
  closeAfterMs?: number;
  /** How long an address from apps.connections.open can be used, in ms. Default 30,000. */
  ticketLifeMs?: number;
  /** 0 up to 1: picks the connection for an envelope. Default Math.random. */
  random?: () => number;
}

export const SOCKET_DEFAULTS: Required<SocketOptions> = {
  acknowledgeWithinMs: 3_000,
  retryDelaysMs: [0, 60_000, 300_000],
  pingEveryMs: 10_000,
  closeAfterMs: 10_000,
  ticketLifeMs: 30_000,
  random: Math.random,
};

/** "An app can have up to 10 WebSocket connections": https://docs.slack.dev/apis/events-api/using-socket-mode */
export const MAX_CONNECTIONS = 10;
