import type { Clock } from '../clock/clock.js';
import type { AppLogger } from '../logging/logger.js';
import {
  adviceOn,
  fault,
  NO_HELLO,
  QUICK_REFRESH,
  refusalOf,
  STALLED,
  type ConnectionFault,
} from './connection-fault.js';
import { GhostWatch } from './ghost-connections.js';
import { RetiringConnections } from './retiring-connections.js';
import { retryDelay } from './retry-delay.js';
import type { Connect, ConnectionListener, SocketConnection } from './socket-connection.js';
import type { SocketCensus } from './socket-census.js';
import { SocketStateKeeper } from './socket-state.js';
import type { ReceivedEnvelope } from './socket-message.js';

/** Slack says hello within a second. Milliseconds. */
const HELLO_WITHIN_MS = 10_000;
/** A connection that was there for this long was a success. Milliseconds. */
const LASTED_MS = 10_000;
/** A refresh that is asked for sooner than this after the hello may go on for ever. Milliseconds. */
const QUICK_REFRESH_MS = 50;
/** How often to look whether the socket can still be used: the SDK is silent while a closing handshake hangs. */
const LOOK_EVERY_MS = 1_000;

/** What Socket Mode needs from outside. */
export interface SocketModeOptions {
  readonly connect: Connect;
  readonly clock: Clock;
  readonly logger: AppLogger;
  /** At least 0, below 1. */
  readonly random: () => number;
  /** The other processes of this deployment; absent: there are none. */
  readonly census?: SocketCensus;
}

export interface SocketSupervisorOptions extends SocketModeOptions {
  readonly receive: (envelope: ReceivedEnvelope, connection: SocketConnection) => void;
  /** Must not throw. */
  readonly gapEnded: () => void;
}

/** A connection that said hello and is the one in use. */
interface Current {
  readonly connection: SocketConnection;
  /** Monotonic milliseconds. */
  readonly since: number;
  /** Slack announced that it will close it. */
  isLeaving: boolean;
}

/**
 * Keeps one connection to Slack: a refresh that Slack asks for opens the next one before the old one goes, whatever
 * fails is tried again with a back-off, and at most one is being opened at a time.
 */
export class SocketSupervisor {
  readonly state: SocketStateKeeper;
  private readonly retiring: RetiringConnections;
  private current: Current | undefined;
  private opening: { readonly connection: SocketConnection; readonly cancel: () => void } | undefined;
  private cancelRetry: (() => void) | undefined;
  /** Tries in a row that came to nothing, and connections that did not last. */
  private failures = 0;
  private readonly ghosts: GhostWatch;
  private isStopped = false;

  constructor(private readonly options: SocketSupervisorOptions) {
    this.retiring = new RetiringConnections(options.clock);
    this.state = new SocketStateKeeper(options.clock);
    this.ghosts = new GhostWatch(options.clock, options.logger, options.census);
  }

  start(): void {
    this.open();
    this.look();
  }

  /** No connection is opened any more; those that are there go on until {@link end}. */
  halt(): void {
    this.isStopped = true;
    this.cancelRetry?.();
    this.state.stopped();
    const { opening } = this;
    this.opening = undefined;
    opening?.cancel();
    opening?.connection.cut();
  }

  /** Ends all connections, within this many milliseconds by force. */
  async end(withinMs: number): Promise<void> {
    if (this.current !== undefined) this.retiring.add(this.current.connection);
    this.current = undefined;
    this.retiring.endAll();
    await new Promise<void>((resolve) => {
      const cancel = this.options.clock.after(withinMs, resolve);
      this.retiring.onEmpty(() => {
        cancel();
        resolve();
      });
    });
    this.retiring.cutAll();
  }

  private open(): void {
    this.cancelRetry = undefined;
    if (this.isStopped || this.opening !== undefined) return;
    const connection = this.options.connect(this.listener(() => connection));
    const cancel = this.options.clock.after(HELLO_WITHIN_MS, () => {
      this.failed(connection, NO_HELLO);
      connection.cut();
    });
    this.opening = { connection, cancel };
  }

  private listener(connection: () => SocketConnection): ConnectionListener {
    return {
      hello: (connections) => {
        this.connected(connection(), connections);
      },
      envelope: (envelope) => {
        this.options.receive(envelope, connection());
      },
      disconnecting: (reason) => {
        this.leaving(connection(), reason);
      },
      closed: (why) => {
        this.closed(connection(), why);
      },
    };
  }

  private connected(connection: SocketConnection, connections: number | null): void {
    if (this.opening?.connection !== connection) return;
    this.opening.cancel();
    this.opening = undefined;
    const previous = this.current;
    if (previous !== undefined) this.retiring.add(previous.connection);
    this.current = { connection, since: this.options.clock.monotonic(), isLeaving: false };
    this.state.connected(connections);
    const { reconnects } = this.state.status(null);
    this.options.logger.info({ connections, reconnects }, 'Socket Mode connected');
    this.ghosts.hello(connections, 1 + this.retiring.size);
    if (previous === undefined) this.options.gapEnded();
  }

  private leaving(connection: SocketConnection, reason: string): void {
    const refusal = refusalOf(reason);
    if (this.opening?.connection === connection) {
      this.failed(connection, refusal ?? fault('disconnected'));
      this.retiring.end(connection);
      return;
    }
    const { current } = this;
    if (current?.connection !== connection) return;
    if (refusal !== null) {
      this.retiring.add(connection); // Slack closes it; until then it takes acknowledgements
      this.lost(current, refusal);
    } else if (!current.isLeaving) {
      current.isLeaving = true;
      if (this.hasLasted(current)) this.failures = 0;
      this.refresh(current);
    }
  }

  /** The next connection opens while the old one is still there. */
  private refresh({ since }: Current): void {
    if (this.cancelRetry !== undefined) return;
    if (this.options.clock.monotonic() - since >= QUICK_REFRESH_MS) {
      this.open();
      return;
    }
    this.failures += 1;
    this.retry(QUICK_REFRESH);
  }

  private closed(connection: SocketConnection, why: ConnectionFault): void {
    this.retiring.delete(connection);
    if (this.opening?.connection === connection) this.failed(connection, why);
    else if (this.current?.connection === connection) this.lost(this.current, why);
  }

  /** A connection did not come about. */
  private failed(connection: SocketConnection, why: ConnectionFault): void {
    if (this.opening?.connection !== connection) return;
    this.opening.cancel();
    this.opening = undefined;
    this.failures += 1;
    this.retry(why);
  }

  /** The connection in use is gone. */
  private lost(current: Current, why: ConnectionFault): void {
    this.current = undefined;
    if (this.isStopped) return;
    // After a refusal a new connection would be refused again.
    if (!this.hasLasted(current)) this.failures += 1;
    else this.failures = refusalOf(why.code) === null ? 0 : 1;
    if (this.opening === undefined && this.cancelRetry === undefined) this.retry(why);
    else {
      this.state.disconnected(why.code);
      this.options.logger.warn({ code: why.code }, 'Socket Mode reconnecting'); // what replaces it is on its way
    }
  }

  private hasLasted({ since }: Current): boolean {
    return this.options.clock.monotonic() - since >= LASTED_MS;
  }

  private retry({ code, retryAfterMs }: ConnectionFault): void {
    if (this.current === undefined) this.state.disconnected(code);
    const retryInMs = Math.round(Math.max(retryAfterMs, retryDelay(this.failures, this.options.random)));
    const advice = adviceOn(code);
    const fields = { code, retryInMs, ...(advice !== undefined && { advice }) };
    this.options.logger.warn(fields, 'Socket Mode reconnecting');
    if (code === 'link_disabled') this.options.logger.warn({ advice }, "Socket Mode disabled in the app's settings");
    this.cancelRetry = this.options.clock.after(retryInMs, () => {
      this.open();
    });
  }

  /** Notices a socket that can no longer be used although the SDK has not said so. */
  private look(): void {
    if (this.isStopped) return;
    const { current } = this;
    if (current?.connection.isOpen() === false) {
      this.lost(current, STALLED);
      current.connection.cut();
    }
    this.retiring.sweep();
    this.options.clock.after(LOOK_EVERY_MS, () => {
      this.look();
    });
  }
}
