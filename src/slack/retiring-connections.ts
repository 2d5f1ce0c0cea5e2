import type { Clock } from '../clock/clock.js';
import type { SocketConnection } from './socket-connection.js';

/**
 * Slack closes by itself, about 10 s after its warning, what it wanted replaced. Until then envelopes may come, and one
 * that is on its way when we close is lost. Milliseconds.
 */
const GRACE_MS = 15_000;
/** Time for the other side to answer a close frame. Milliseconds. */
const CLOSE_WITHIN_MS = 1_000;
/** Slack allows an app 10 connections, those of other replicas included. */
const MOST = 4;

/** Connections that were replaced and are still there. Each ends: by Slack, after its grace, or when there are many. */
export class RetiringConnections {
  private readonly cancels = new Map<SocketConnection, () => void>();
  private whenEmpty: (() => void) | undefined;

  constructor(private readonly clock: Clock) {}

  get size(): number {
    return this.cancels.size;
  }

  add(connection: SocketConnection): void {
    this.cancels.set(
      connection,
      this.clock.after(GRACE_MS, () => {
        this.end(connection);
      }),
    );
    const [oldest] = this.cancels.keys();
    if (this.cancels.size > MOST && oldest !== undefined) this.end(oldest);
  }

  /** It is over. */
  delete(connection: SocketConnection): void {
    this.cancels.get(connection)?.();
    this.cancels.delete(connection);
    if (this.cancels.size === 0) this.whenEmpty?.();
  }

  /** Calls back once all are over, at once when there are none. */
  onEmpty(callback: () => void): void {
    if (this.cancels.size === 0) callback();
    else this.whenEmpty = callback;
  }

  /** By the closing handshake, and by force when that is left unanswered. */
  end(connection: SocketConnection): void {
    this.cancels.get(connection)?.();
    const cancel = this.clock.after(CLOSE_WITHIN_MS, () => {
      this.delete(connection);
      connection.cut();
    });
    this.cancels.set(connection, cancel);
    connection.end();
  }

  /** Cuts those whose closing handshake hangs. */
  sweep(): void {
    for (const connection of [...this.cancels.keys()]) {
      if (connection.isOpen()) continue;
      this.delete(connection);
      connection.cut();
    }
  }

  endAll(): void {
    for (const connection of [...this.cancels.keys()]) this.end(connection);
  }

  cutAll(): void {
    for (const connection of [...this.cancels.keys()]) {
      this.delete(connection);
      connection.cut();
    }
  }
}
