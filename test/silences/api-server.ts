import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ApiRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** Undefined: the function has answered by itself, or never will. */
type Responder = (request: ApiRequest, response: ServerResponse) => ApiAnswer | undefined;

/** A local HTTP server that answers as a test says and keeps what it was asked. */
export class ApiServer {
  readonly requests: ApiRequest[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(responder: Responder): Promise<ApiServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const api = new ApiServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (incoming, response) => {
      void text(incoming).then((raw) => {
        const { method = '', url = '', headers } = incoming;
        const request = { method, path: url, headers, body: raw === '' ? undefined : (JSON.parse(raw) as unknown) };
        api.requests.push(request);
        const answer = responder(request, response);
        if (answer === undefined) return;
        const { status, body = '' } = answer;
        response.writeHead(status, answer.headers);
        response.end(typeof body === 'string' ? body : JSON.stringify(body));
      });
    });
    return api;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
