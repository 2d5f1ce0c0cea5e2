import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Takes mail on a free port of 127.0.0.1, as far as RFC 5321 asks of it, and keeps what came. */
export class MailServer {
  /** Each with its header, as it was sent. */
  readonly mails: string[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      this.serve(socket);
    });
  }

  static async start(): Promise<MailServer> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return new MailServer(server);
  }

  /** host:port */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(socket: Socket): void {
    let rest = '';
    let mail: string[] | undefined;
    const hear = (line: string): string | undefined => {
      if (mail === undefined) {
        if (line === 'DATA') mail = [];
        return line === 'DATA' ? '354 go on' : line === 'QUIT' ? '221 bye' : '250 ok';
      }
      if (line !== '.') {
        mail.push(line);
        return undefined;
      }
      this.mails.push(mail.join('\n'));
      mail = undefined;
      return '250 taken';
    };
    socket.on('error', () => socket.destroy());
    socket.write('220 mail\r\n');
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${rest}${text}`.split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const answer = hear(line);
        if (answer !== undefined && socket.writable) socket.write(`${answer}\r\n`);
      }
    });
  }
}
