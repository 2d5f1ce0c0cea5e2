import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What systemd would start and stop. */
export interface Unit {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Does what programs/systemctl and programs/journalctl are told to. */
export class Units {
  private server: Server | undefined;

  constructor(
    private readonly units: Readonly<Record<string, Unit>>,
    private readonly log: () => string,
  ) {}

  /** @returns its address */
  async listen(): Promise<string> {
    const server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => {
        response.statusCode = 500;
        response.end(String(error));
      });
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  close(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  private async answer({ url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (url === '/log') {
      response.end(this.log());
      return;
    }
    const [, verb = '', name = ''] = url.split('/');
    const unit = this.units[name];
    if (unit === undefined) {
      response.statusCode = 404;
      response.end(`Unit ${name}.service not found.\n`);
      return;
    }
    if (verb === 'stop' || verb === 'restart') await unit.stop();
    if (verb === 'start' || verb === 'restart') await unit.start();
    response.end(verb === 'status' ? `${name}.service: active (running)\n` : verb === 'show' ? 'Environment=\n' : '');
  }
}
