import type { Call } from '../calls/call.js';
import type { Reply } from '../web-api/answer.js';

/** One call on the wire, for faults to spoil. */
export interface Exchange {
  readonly call: Call;
  /** Lets the call take effect and says what Slack would answer. */
  accept(): Reply;
  send(reply: Reply): void;
  /** Sends as it is; `promised` is the Content-Length when it should not match the body. */
  sendRaw(status: number, contentType: string, body: string, promised?: number): void;
  /** RST, not FIN: the caller sees ECONNRESET. */
  reset(): void;
  /** Resolves after the time; rejects when the simulator closes. */
  delay(ms: number): Promise<void>;
}
