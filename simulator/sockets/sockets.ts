import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Faults } from '../faults/faults.js';
import { parseJson, type JsonObject } from '../json.js';
import { BOT } from '../workspace/user.js';
import { Connection, type DisconnectReason } from './connection.js';
import { Deliveries, type Route } from './deliveries.js';
import type { Delivery, Envelope } from './envelope.js';
import { ServerSocket } from './server-socket.js';
import { MAX_CONNECTIONS, SOCKET_DEFAULTS, type SocketOptions } from './socket-options.js';
import { Tickets } from './tickets.js';

/** Where the addresses of apps.connections.open lead. */
const SOCKET_PATH = '/link/';

export interface SocketParts {
  faults: Faults;
  now: () => number;
  /** Called after every change: a connection, an envelope, an acknowledgement. */
  changed: () => void;
}

/** Slack's side of Socket Mode. */
export class Sockets {
  /** Frames of the app that answer no envelope, as they came. */
  readonly strays: string[] = [];
  /** How many connections were opened since the start. */
  opened = 0;

  private readonly options: Required<SocketOptions>;
  private readonly server = new WebSocketServer({ noServer: true, WebSocket: ServerSocket, autoPong: false });
  private readonly live = new Set<Connection>();
  private readonly tickets: Tickets;
  private readonly deliveries: Deliveries;
  private readonly waits = new Set<NodeJS.Timeout>();

  constructor(
    private readonly parts: SocketParts,
    options: SocketOptions = {},
  ) {
    this.options = { ...SOCKET_DEFAULTS, ...options };
    this.tickets = new Tickets(this.options.ticketLifeMs, parts.now);
    this.deliveries = new Deliveries({
      ...this.options,
      now: parts.now,
      changed: parts.changed,
      route: () => this.route(),
      spoil: (envelope) => parts.faults.spoiltDelivery(envelope),
    });
  }

  /** Those that are not closed, in order of their opening. */
  get connections(): readonly Connection[] {
    return [...this.live];
  }

  /** Every envelope since the start, in order of sending. */
  get envelopes(): readonly Envelope[] {
    return this.deliveries.envelopes;
  }

  /** What `hello` tells, ghosts included. */
  get count(): number {
    return this.live.size + this.parts.faults.ghosts().count;
  }

  /** `base`: the simulator's address, `http://…/`. The answer opens one connection. */
  issueUrl(base: string): string {
    const url = new URL(`${SOCKET_PATH}?ticket=${this.tickets.issue()}&app_id=${BOT.app}`, base);
    url.protocol = 'ws:';
    return url.href;
  }

  /** Sends an envelope to one of the connections, and waits for its acknowledgement. */
  send(type: string, payload: unknown, extra?: JsonObject): Delivery {
    return this.deliveries.send(type, payload, extra);
  }

  /** Sends a text as it is to every connection; nothing is awaited. */
  sendRaw(text: string): void {
    for (const connection of this.live) connection.send(text);
  }

  /** Tells the connections (default: all) to go, and closes them after the time, in ms. */
  disconnect(
    reason: DisconnectReason,
    {
      closeAfterMs,
      connections = this.connections,
    }: { closeAfterMs?: number; connections?: readonly Connection[] } = {},
  ): void {
    for (const connection of connections) connection.disconnect(reason, closeAfterMs);
  }

  /** Ends the TCP connections (default: all) at once, without a word. */
  drop(connections = this.connections): void {
    for (const connection of connections) connection.drop();
  }

  /** An HTTP request that wants to become a WebSocket. */
  upgrade(request: IncomingMessage, tcp: Duplex, head: Buffer): void {
    // Until ws takes over, a reset would have nobody to hear it.
    tcp.on('error', () => undefined);
    const asked = new URL(request.url ?? '/', 'http://simulator');
    const fault = this.parts.faults.takeForConnection();
    if (fault?.kind === 'refuse-upgrade') refuse(tcp, fault.status);
    else if (asked.pathname !== SOCKET_PATH) refuse(tcp, 404);
    // What people meet when they use an address twice or too late.
    else if (!this.tickets.take(asked.searchParams.get('ticket') ?? '')) refuse(tcp, 408);
    else {
      this.server.handleUpgrade(request, tcp, head, (socket) => {
        const connection = this.welcome(socket, tcp);
        if (this.count > MAX_CONNECTIONS) connection.disconnect('too_many_websockets', 0);
        else if (fault?.kind === 'late-hello')
          this.later(fault.delayMs, () => {
            this.hello(connection);
          });
        else if (!fault) this.hello(connection);
      });
    }
  }

  close(): void {
    this.deliveries.close();
    for (const wait of this.waits) clearTimeout(wait);
    this.drop();
    this.server.close();
  }

  private welcome(socket: ServerSocket, tcp: Duplex): Connection {
    this.opened += 1;
    const connection = new Connection(this.opened, this.parts.now(), socket, tcp, this.options, this.parts.faults, {
      received: (_, text) => {
        if (!this.deliveries.acknowledge(parseJson(text))) this.strays.push(text);
        this.parts.changed();
      },
      changed: ({ id, state }) => {
        if (state === 'closed') {
          this.live.delete(connection);
          this.deliveries.connectionClosed(id);
        }
        this.parts.changed();
      },
    });
    this.live.add(connection);
    return connection;
  }

  private hello(connection: Connection): void {
    connection.hello(BOT.app, this.count);
  }

  /** Any one that said hello and is not closing, or a ghost. */
  private route(): Route | undefined {
    const routes: Route[] = this.connections
      .filter(({ state }) => state === 'open')
      .map((connection) => ({
        connection: connection.id,
        send: (text) => {
          connection.send(text);
        },
      }));
    const { count, swallow } = this.parts.faults.ghosts();
    if (swallow) routes.push(...Array.from({ length: count }, () => ({})));
    return routes[Math.floor(this.options.random() * routes.length)];
  }

  private later(ms: number, run: () => void): void {
    const wait = setTimeout(() => {
      this.waits.delete(wait);
      run();
    }, ms);
    this.waits.add(wait);
  }
}

function refuse(tcp: Duplex, status: number): void {
  tcp.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
