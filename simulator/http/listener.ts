import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Door } from '../faults/faults.js';

/** A port that can be closed and opened again, so that callers meet ECONNREFUSED in between. */
export class Listener implements Door {
  private server: Server | undefined;
  private opening: Promise<void> | undefined;
  private boundPort: number;

  constructor(
    private readonly handler: RequestListener,
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
    server?.closeAllConnections();
  }

  async close(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (!server) return;
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  }
}
