import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';

/** A close frame with a status and no reason. Slack's side sends no mask. */
const CLOSE_FRAME = 0x88;

/** What happens to the TCP connection when one side closes: `answered` sends the close frame and then does nothing. */
export type CloseManners = 'proper' | 'answered' | 'unanswered';

/** The server's end of a WebSocket, which can also behave as Slack does on bad days. */
export class ServerSocket extends WebSocket {
  private tcp: Duplex | undefined;
  private manners: () => CloseManners = () => 'proper';
  private closing: () => void = () => undefined;

  begin(tcp: Duplex, manners: () => CloseManners, closing: () => void): void {
    this.tcp = tcp;
    this.manners = manners;
    this.closing = closing;
  }

  /** Called by us, and by ws to answer the peer's close frame. */
  override close(code = 1000, reason?: string | Buffer): void {
    const manners = this.manners();
    this.closing();
    if (manners === 'proper') super.close(code, reason);
    else if (manners === 'answered') this.tcp?.write(Buffer.from([CLOSE_FRAME, 2, code >> 8, code & 0xff]));
  }
}
