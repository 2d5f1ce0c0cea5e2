import type { EnvelopeAnswer } from './slack-socket.js';
import { faultOf } from './connection-fault.js';
import type { SdkClient } from './sdk-client.js';
import type { Connect, ConnectionListener, SocketConnection } from './socket-connection.js';
import { parseSocketMessage } from './socket-message.js';

export interface SdkConnectionOptions {
  readonly appToken: string;
  /** Must end in `/`. */
  readonly apiUrl: string;
  /** A socket that leaves pings unanswered for this long is given up. Milliseconds, default 5,000. */
  readonly pongWithinMs?: number;
  /** Time for the answer of apps.connections.open. Milliseconds, default 10,000. */
  readonly timeoutMs?: number;
}

/** Connections over `@slack/socket-mode`, which is loaded with the first: it takes a tenth of a second. */
export const sdkConnect =
  (options: SdkConnectionOptions): Connect =>
  (listener) =>
    new SdkConnection(options, listener);

class SdkConnection implements SocketConnection {
  private client: SdkClient | undefined;
  private error: unknown;
  private isOver = false;
  /** Gives up the call for the socket's address. */
  private readonly abandoned = new AbortController();

  constructor(
    private readonly options: SdkConnectionOptions,
    private readonly listener: ConnectionListener,
  ) {
    void this.open();
  }

  isOpen(): boolean {
    return !this.isOver && this.client?.websocket?.isActive() === true;
  }

  async acknowledge(envelopeId: string, answer: EnvelopeAnswer): Promise<void> {
    const message = JSON.stringify({ envelope_id: envelopeId, payload: answer ?? {} });
    const socket = this.client?.websocket;
    if (!this.isOpen() || socket === undefined) throw new Error('acknowledge: the socket is closed');
    await new Promise<void>((resolve, reject) => {
      socket.send(message, (error) => {
        if (error) reject(new Error('acknowledge: the socket took nothing', { cause: error }));
        else resolve();
      });
    });
  }

  end(): void {
    this.abandoned.abort();
    this.disconnect();
  }

  cut(): void {
    this.end();
    // The SDK's second `disconnect` waits for no close frame: it destroys the TCP connection and its own timers.
    this.disconnect();
  }

  private disconnect(): void {
    try {
      this.client?.websocket?.disconnect();
    } catch (error) {
      this.finish(error);
    }
  }

  private async open(): Promise<void> {
    try {
      const { SdkClient } = await import('./sdk-client.js');
      const client = new SdkClient(this.clientOptions(), (data) => this.take(data));
      this.client = client;
      client.on('error', (error: unknown) => {
        this.error = error;
      });
      // The SDK says first that it is disconnected and then why.
      client.on('disconnected', () => {
        queueMicrotask(() => {
          this.finish(this.error);
        });
      });
      client.once('connecting', () => {
        this.abandoned.signal.throwIfAborted(); // makes start() reject: `disconnect` had no socket to close yet
      });
      await client.start();
    } catch (error) {
      queueMicrotask(() => {
        this.finish(error ?? this.error);
      });
    }
  }

  private clientOptions() {
    const { appToken, apiUrl, pongWithinMs = 5_000, timeoutMs = 10_000 } = this.options;
    const { signal } = this.abandoned;
    return {
      appToken,
      clientPingTimeout: pongWithinMs,
      clientOptions: {
        slackApiUrl: apiUrl,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        allowAbsoluteUrls: false,
        timeout: timeoutMs,
        fetch: (url: string | URL | Request, init: RequestInit = {}) =>
          fetch(url, { ...init, signal: init.signal ? AbortSignal.any([signal, init.signal]) : signal }),
      },
    };
  }

  private take(data: string): boolean {
    if (this.isOver) return false;
    const message = parseSocketMessage(data);
    if (message.kind === 'hello') this.listener.hello(message.connections);
    else if (message.kind === 'disconnect') this.listener.disconnecting(message.reason);
    else if (message.kind === 'envelope') this.listener.envelope(message.envelope);
    return message.kind === 'hello';
  }

  private finish(error: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    this.listener.closed(faultOf(error));
  }
}
