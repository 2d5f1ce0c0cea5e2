import { fault, type ConnectionFault } from './connection-fault.js';
import type { EnvelopeAnswer } from './slack-socket.js';
import type { ConnectionListener, SocketConnection } from './socket-connection.js';

/** A connection that does what a test says. */
export class FakeConnection implements SocketConnection {
  readonly acknowledged: { id: string; answer: EnvelopeAnswer }[] = [];
  state: 'opening' | 'open' | 'ending' | 'stalled' | 'closed' = 'opening';
  wasCut = false;
  /** Whether the other side answers a close frame. */
  answersClose = true;

  constructor(private readonly listener: ConnectionListener) {}

  isOpen(): boolean {
    return this.state === 'open';
  }

  acknowledge(id: string, answer: EnvelopeAnswer): Promise<void> {
    if (this.state !== 'open') return Promise.reject(new Error('closed'));
    JSON.stringify(answer);
    this.acknowledged.push({ id, answer });
    return Promise.resolve();
  }

  end(): void {
    if (this.state === 'closed') return;
    this.state = 'ending';
    if (this.answersClose) this.close();
  }

  cut(): void {
    this.wasCut = true;
    this.close();
  }

  hello(connections: number | null = 1): this {
    this.state = 'open';
    this.listener.hello(connections);
    return this;
  }

  sayDisconnect(reason: string): void {
    this.listener.disconnecting(reason);
  }

  envelope(id: string, type = 'interactive', payload: unknown = {}, retry = 0): void {
    this.listener.envelope({ id, type, payload, retry });
  }

  close(why: ConnectionFault = fault('closed')): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    queueMicrotask(() => {
      this.listener.closed(why);
    });
  }
}

/** All connections that were asked for, in order. */
export class FakeConnections {
  readonly all: FakeConnection[] = [];

  readonly connect = (listener: ConnectionListener): FakeConnection => {
    const connection = new FakeConnection(listener);
    this.all.push(connection);
    return connection;
  };

  get last(): FakeConnection {
    const last = this.all.at(-1);
    if (last === undefined) throw new Error('nothing was connected');
    return last;
  }

  count(state: FakeConnection['state']): number {
    return this.all.filter((connection) => connection.state === state).length;
  }
}
