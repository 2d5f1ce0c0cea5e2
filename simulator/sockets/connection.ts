import type { Duplex } from 'node:stream';
import type { Faults } from '../faults/faults.js';
import type { JsonObject } from '../json.js';
import type { ServerSocket } from './server-socket.js';
import type { SocketOptions } from './socket-options.js';

export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

export interface ConnectionEvents {
  received: (connection: Connection, text: string) => void;
  changed: (connection: Connection) => void;
}

/** What Slack's own machines call themselves in `debug_info`. */
const HOST = 'applink-simulator';

/** One open WebSocket, seen from Slack. */
export class Connection {
  /** `opening` until the hello was sent; `closing` from the first close frame on, in either direction. */
  state: 'opening' | 'open' | 'closing' | 'closed' = 'opening';
  /** The last `disconnect` message that was sent. */
  disconnectReason: DisconnectReason | undefined;

  private readonly pings: NodeJS.Timeout;
  private ending: NodeJS.Timeout | undefined;

  constructor(
    /** Counts from 1. */
    readonly id: number,
    /** Milliseconds since 1970, by the simulator's clock. */
    readonly openedAt: number,
    private readonly socket: ServerSocket,
    tcp: Duplex,
    private readonly options: Required<SocketOptions>,
    private readonly faults: Faults,
    private readonly events: ConnectionEvents,
  ) {
    socket.begin(
      tcp,
      () => faults.closeManners(),
      () => {
        if (this.state !== 'closed') this.become('closing');
      },
    );
    socket.on('message', (data, isBinary) => {
      if (!isBinary) events.received(this, (data as Buffer).toString('utf8'));
    });
    socket.on('ping', (data) => {
      if (!faults.isSilent() && socket.readyState === socket.OPEN) socket.pong(data);
    });
    // A reset is the end of the connection; `close` follows.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.stop();
      this.become('closed');
    });
    this.pings = setInterval(() => {
      if (!faults.isSilent() && socket.readyState === socket.OPEN) socket.ping(`Ping from ${HOST}`);
    }, options.pingEveryMs);
    this.pings.unref();
  }

  hello(appId: string, connections: number): void {
    if (this.state !== 'opening') return;
    this.sendJson({
      type: 'hello',
      num_connections: connections,
      debug_info: { host: HOST, build_number: 1, approximate_connection_time: 18_060 },
      connection_info: { app_id: appId },
    });
    this.become('open');
  }

  /** Sends nothing while the fault `silent` is on, and does not say so. */
  send(text: string): void {
    if (!this.faults.isSilent() && this.socket.readyState === this.socket.OPEN) this.socket.send(text);
  }

  sendJson(frame: JsonObject): void {
    this.send(JSON.stringify(frame));
  }

  /** Says goodbye, and closes after the time, in ms. */
  disconnect(reason: DisconnectReason, closeAfterMs = this.options.closeAfterMs): void {
    this.disconnectReason = reason;
    this.sendJson({ type: 'disconnect', reason, debug_info: { host: HOST } });
    clearTimeout(this.ending);
    this.ending = setTimeout(() => {
      this.socket.close(1000);
    }, closeAfterMs);
    this.ending.unref();
    this.events.changed(this);
  }

  /** The TCP connection ends at once, without a close frame. */
  drop(): void {
    this.socket.terminate();
  }

  private become(state: Connection['state']): void {
    this.state = state;
    this.events.changed(this);
  }

  private stop(): void {
    clearInterval(this.pings);
    clearTimeout(this.ending);
  }
}
