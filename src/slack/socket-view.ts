import type { SocketState, SocketStatus } from './slack-socket.js';

/** A socket's state as /health and /stats show it. */
export interface SocketView {
  readonly state: SocketState;
  readonly since: string;
  /** Null: none yet. */
  readonly last_envelope_at: string | null;
  readonly reconnects: number;
  /** Sockets of this Slack app that are open anywhere, by Slack's count. */
  readonly connections: number | null;
  readonly error: string | null;
}

export const socketView = (status: SocketStatus): SocketView => ({
  state: status.state,
  since: new Date(status.since).toISOString(),
  last_envelope_at: status.lastEnvelopeAt === null ? null : new Date(status.lastEnvelopeAt).toISOString(),
  reconnects: status.reconnects,
  connections: status.connections,
  error: status.error,
});
