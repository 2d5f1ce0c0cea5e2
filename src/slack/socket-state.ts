import type { Clock } from '../clock/clock.js';
import type { SocketState, SocketStatus } from './slack-socket.js';

/** What {@link SocketStatus} tells, kept up to date by the supervisor. */
export class SocketStateKeeper {
  private state: SocketState = 'connecting';
  private since: number;
  private hellos = 0;
  private connections: number | null = null;
  private error: string | null = null;

  constructor(private readonly clock: Clock) {
    this.since = clock.now();
  }

  /** @param connections as Slack counted them in its hello */
  connected(connections: number | null): void {
    this.hellos += 1;
    this.connections = connections;
    this.error = null;
    this.enter('connected');
  }

  disconnected(error: string): void {
    this.error = error;
    this.enter(this.hellos === 0 ? 'connecting' : 'reconnecting');
  }

  stopped(): void {
    this.error = null;
    this.enter('stopped');
  }

  status(lastEnvelopeAt: number | null): SocketStatus {
    const { state, since, connections, error } = this;
    return { state, since, lastEnvelopeAt, reconnects: Math.max(0, this.hellos - 1), connections, error };
  }

  private enter(state: SocketState): void {
    if (this.state === 'stopped' || this.state === state) return;
    this.state = state;
    this.since = this.clock.now();
  }
}
