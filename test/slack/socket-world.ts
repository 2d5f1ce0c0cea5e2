import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import type { SocketOptions } from '../../simulator/sockets/socket-options.js';
import { SystemClock, type Clock } from '../../src/clock/clock.js';
import { sdkConnect } from '../../src/slack/sdk-connection.js';
import type { Envelope, EnvelopeAnswer } from '../../src/slack/slack-socket.js';
import { SocketModeSlackSocket } from '../../src/slack/socket-mode-slack-socket.js';
import { RecordingLogger } from '../support/recording-logger.js';

/** Real time, but 1 s of back-off is over after 100 ms, and a connection has lasted after 1 ms. */
class FastClock extends SystemClock {
  override monotonic(): number {
    return super.monotonic() * 10_000;
  }

  override after(ms: number, callback: () => void): () => void {
    return super.after(ms / 10, callback);
  }
}

export interface WorldOptions {
  readonly clock?: Clock;
  readonly appToken?: string;
  readonly sockets?: SocketOptions;
  readonly pongWithinMs?: number;
  readonly handle?: (envelope: Envelope) => Promise<EnvelopeAnswer>;
}

/** The real SDK against the simulated Slack. */
export class SocketWorld {
  readonly received: Envelope[] = [];
  gaps = 0;

  private constructor(
    readonly simulator: Simulator,
    readonly socket: SocketModeSlackSocket,
    readonly logger: RecordingLogger,
    handle: (envelope: Envelope) => Promise<EnvelopeAnswer>,
  ) {
    socket.onGap(() => {
      this.gaps += 1;
    });
    socket.onEnvelope((envelope) => {
      this.received.push(envelope);
      return handle(envelope);
    });
  }

  /** Not started yet. */
  static async prepare({
    clock = new FastClock(),
    appToken,
    sockets = {},
    pongWithinMs = 5_000,
    handle = () => Promise.resolve(undefined),
  }: WorldOptions = {}): Promise<SocketWorld> {
    await import('../../src/slack/sdk-client.js'); // loaded by now: it would count against the time for the hello
    const simulator = await startSimulator({ pace: 'off', sockets });
    const { apiUrl } = simulator;
    const connect = sdkConnect({ appToken: appToken ?? simulator.appToken, apiUrl, pongWithinMs });
    const logger = new RecordingLogger();
    const socket = new SocketModeSlackSocket({ connect, clock, logger, random: () => 0 });
    return new SocketWorld(simulator, socket, logger, handle);
  }

  /** With a connection. */
  static async start(options: WorldOptions = {}): Promise<SocketWorld> {
    const world = await SocketWorld.prepare(options);
    world.socket.start();
    await world.connected();
    return world;
  }

  async connected(reconnects = 0): Promise<void> {
    await this.until(`connection ${reconnects + 1}`, () => {
      const status = this.socket.status();
      return status.state === 'connected' && status.reconnects >= reconnects;
    });
  }

  async until<T>(what: string, probe: () => T | undefined | false): Promise<T> {
    try {
      return await this.simulator.waitFor(probe, { what });
    } catch (error) {
      throw new Error(JSON.stringify({ status: this.socket.status(), log: this.logger.lines }), { cause: error });
    }
  }

  /** What was logged with this message, its fields. */
  logged(message: string): Record<string, unknown>[] {
    return this.logger.lines.filter((line) => line.message === message).map(({ fields }) => ({ ...fields }));
  }

  /** Codes of all that went wrong with connections. */
  faults(): unknown[] {
    return this.logged('Socket Mode reconnecting').map(({ code }) => code);
  }

  async close(): Promise<void> {
    await this.socket.stop();
    await this.simulator.close();
  }
}
