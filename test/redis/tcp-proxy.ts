import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands between a client and a server of this machine, and loses answers when told to. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private cutAfter: string | undefined;

  private constructor(
    private readonly server: Server,
    /** How often an answer was lost. */
    public lost = 0,
  ) {}

  static async to(port: number): Promise<TcpProxy> {
    const server = createServer();
    const proxy = new TcpProxy(server);
    server.on('connection', (client) => {
      proxy.join(client, connect(port, '127.0.0.1'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The next request that holds this text is passed on; its answer is not, and the connection breaks. */
  loseAnswerTo(text: string): void {
    this.cutAfter = text;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private join(client: Socket, target: Socket): void {
    let cutting = false;
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      this.sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
    }
    client.on('data', (data) => {
      if (this.cutAfter !== undefined && data.includes(this.cutAfter)) {
        this.cutAfter = undefined;
        cutting = true;
      }
      target.write(data);
    });
    target.on('data', (data) => {
      if (!cutting) {
        client.write(data);
        return;
      }
      this.lost += 1;
      client.destroy();
    });
  }
}
