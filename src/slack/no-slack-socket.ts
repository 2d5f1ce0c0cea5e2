import { SlackSocket, type EnvelopeType, type SocketStatus } from './slack-socket.js';

/** Without SLACK_APP_TOKEN: nothing comes from Slack. */
export class NoSlackSocket extends SlackSocket {
  constructor(private readonly since: number) {
    super();
  }

  override onEnvelope(): void {
    // there are none
  }

  override onGap(): void {
    // nothing was ever connected
  }

  override status(): SocketStatus {
    return { state: 'off', since: this.since, lastEnvelopeAt: null, reconnects: 0, connections: null, error: null };
  }

  override envelopes(): Record<EnvelopeType, number> {
    return { interactive: 0, events_api: 0, slash_commands: 0, other: 0 };
  }
}
