import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Door } from '../faults/faults.js';

/** A port that can be closed and opened again, so that callers meet ECONNREFUSED in between. */
export class Listener implements Door {
  private server: Server | undefined;
  private opening: Promise<void> | undefined;
  private boundPort: number;
  /** Node forgets a connection once it is a WebSocket. */
  private readonly upgraded = new Set<Duplex>();

  constructor(
    private readonly handler: RequestListener,
    private readonly upgrade: (request: IncomingMessage, tcp: Duplex, head: Buffer) => void,
    private readonly host: string,
    port: number,
  ) {
    this.boundPort = port;
  }

  get port(): number {
    return this.boundPort;
  }

  open(): Promise<void> {
    if (this.server) return this.opening ?? Promise.resolve();
    const server = createServer(this.handler);
    server.on('upgrade', (request, tcp, head) => {
      this.upgraded.add(tcp);
      tcp.once('close', () => this.upgraded.delete(tcp));
      this.upgrade(request, tcp, head);
    });
    this.server = server;
    this.opening = new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.boundPort, this.host, () => {
        this.boundPort = (server.address() as AddressInfo).port;
        resolve();
      });
    });
    return this.opening;
  }

  /** Closes the port at once and cuts every connection. */
  shut(): void {
    const server = this.server;
    this.server = undefined;
    server?.close();
    if (server) this.cut(server);
  }

  async close(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (!server) return;
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      this.cut(server);
    });
  }

  private cut(server: Server): void {
    server.closeAllConnections();
    for (const tcp of this.upgraded) tcp.destroy();
  }
}
