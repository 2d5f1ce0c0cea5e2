import { SocketModeClient, type SocketModeOptions } from '@slack/socket-mode';
import { QUIET } from './quiet-logger.js';

/** Takes a message; true: it is the hello, which the SDK waits for. */
export type TakeMessage = (data: string) => boolean;

/**
 * The SDK's client for one connection, with its messages taken past it, because it
 * - sends a close frame as soon as Slack announces a refresh: acknowledgements that are due could not be sent any more,
 *   and what arrives is thrown away;
 * - rejects unhandled on an event without `payload.event`, which ends the process;
 * - emits an envelope's type as an event of its own, so that one of type `close` or `ws_message` upsets it.
 */
export class SdkClient extends SocketModeClient {
  constructor(
    options: Omit<SocketModeOptions, 'logger' | 'logLevel' | 'autoReconnectEnabled'>,
    private readonly take: TakeMessage,
  ) {
    super({ ...options, logger: QUIET, autoReconnectEnabled: false });
  }

  protected override async onWebSocketMessage(data: string | ArrayBuffer, isBinary: boolean): Promise<void> {
    // Never rejects: nobody awaits it.
    try {
      if (typeof data === 'string' && this.take(data)) await super.onWebSocketMessage(data, isBinary);
    } catch {
      // `take` does not throw; a hello that the SDK could not use ends as one that never came.
    }
  }
}
