import type { ConnectionFault } from './connection-fault.js';
import type { EnvelopeAnswer } from './slack-socket.js';
import type { ReceivedEnvelope } from './socket-message.js';

/** What a connection tells; never while it is being made, and nothing after `closed`. */
export interface ConnectionListener {
  /** It is ready. @param connections of this app, as Slack counts them; null: it did not say */
  hello(connections: number | null): void;
  envelope(envelope: ReceivedEnvelope): void;
  /** Slack is going to close it. It works until then. */
  disconnecting(reason: string): void;
  /** It is over, or never came about. Once, and always. */
  closed(fault: ConnectionFault): void;
}

/** One WebSocket to Slack, from the call for its address to its end. No method throws. */
export interface SocketConnection {
  /** Envelopes can be acknowledged over it. */
  isOpen(): boolean;
  /** Rejects when it is not open. */
  acknowledge(envelopeId: string, answer: EnvelopeAnswer): Promise<void>;
  /** Ends it by the closing handshake, which the other side may leave unanswered. */
  end(): void;
  /** Ends it at once, and its TCP connection with it. */
  cut(): void;
}

export type Connect = (listener: ConnectionListener) => SocketConnection;
