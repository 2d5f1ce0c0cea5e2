import { SlackSocket, type EnvelopeType, type SocketStatus } from '../../src/slack/slack-socket.js';

/** A socket that brings nothing and says what a test wants. */
export class FakeSlackSocket extends SlackSocket {
  now: SocketStatus = { state: 'off', since: 0, lastEnvelopeAt: null, reconnects: 0, connections: null, error: null };

  override onEnvelope(): void {
    // nothing comes
  }

  override onGap(): void {
    // there is none
  }

  override status(): SocketStatus {
    return this.now;
  }

  override envelopes(): Record<EnvelopeType, number> {
    return { interactive: 0, events_api: 0, slash_commands: 0, other: 0 };
  }
}
