import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection that sends exactly what a test says, valid HTTP or not. */
export class RawConnection {
  /** What was answered so far. */
  received = '';
  closed = false;

  private constructor(readonly socket: Socket) {
    socket.setEncoding('utf8').on('data', (text: string) => (this.received += text));
    socket.on('error', () => undefined); // a reset is one of the ends
    socket.once('close', () => (this.closed = true));
  }

  /** @param url the service's base address */
  static async to(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const connection = new RawConnection(connect(Number(port), hostname));
    await once(connection.socket, 'connect');
    return connection;
  }

  /** The status of the last answer; undefined before the first. */
  get status(): number | undefined {
    const found = [...this.received.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].at(-1)?.[1];
    return found === undefined ? undefined : Number(found);
  }

  send(data: string | Buffer): this {
    this.socket.write(data);
    return this;
  }

  /** Headers of a request with a JSON body. @param length in bytes; none: the body is chunked */
  post(path: string, length?: number, more = ''): this {
    const framing = length === undefined ? 'Transfer-Encoding: chunked' : `Content-Length: ${String(length)}`;
    return this.send(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${framing}\r\n${more}\r\n`);
  }

  end(): void {
    this.socket.destroy();
  }
}
