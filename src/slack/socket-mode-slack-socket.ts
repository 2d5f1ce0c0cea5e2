import { EnvelopeDesk } from './envelope-desk.js';
import { SlackSocket, type EnvelopeHandler, type EnvelopeType, type SocketStatus } from './slack-socket.js';
import { SocketSupervisor, type SocketModeOptions } from './socket-supervisor.js';

/** At the end, running handlers may take this long, so that what they did is acknowledged. Milliseconds. */
const FINISH_WITHIN_MS = 800;
/** Then the connections have this long to close by themselves. Milliseconds. */
const CLOSE_WITHIN_MS = 150;

/** The real one: connections, watched over by {@link SocketSupervisor}, whose envelopes go to {@link EnvelopeDesk}. */
export class SocketModeSlackSocket extends SlackSocket {
  private readonly desk: EnvelopeDesk;
  private readonly supervisor: SocketSupervisor;
  private readonly gapListeners: (() => void)[] = [];
  private stopping: Promise<void> | undefined;

  constructor(private readonly options: SocketModeOptions) {
    super();
    const { clock, logger } = options;
    this.desk = new EnvelopeDesk(clock, logger);
    this.supervisor = new SocketSupervisor({
      ...options,
      receive: (envelope, connection) => {
        this.desk.receive(envelope, connection);
      },
      gapEnded: () => {
        this.tellGapEnded();
      },
    });
  }

  override onEnvelope(handler: EnvelopeHandler): void {
    this.desk.onEnvelope(handler);
  }

  override onGap(listener: () => void): void {
    this.gapListeners.push(listener);
  }

  override status(): SocketStatus {
    return this.supervisor.state.status(this.desk.lastEnvelopeAt);
  }

  override envelopes(): Readonly<Record<EnvelopeType, number>> {
    return this.desk.counts;
  }

  /** Returns at once; connections come and go by themselves from here on. */
  start(): void {
    this.supervisor.start();
  }

  /** Resolves within 1 s: running handlers get a chance to end and to be acknowledged, then all connections are gone. */
  stop(): Promise<void> {
    this.stopping ??= this.finish();
    return this.stopping;
  }

  private async finish(): Promise<void> {
    this.supervisor.halt();
    await new Promise<void>((resolve) => {
      const cancel = this.options.clock.after(FINISH_WITHIN_MS, resolve);
      void this.desk.idle().then(() => {
        cancel();
        resolve();
      });
    });
    await Promise.all([this.supervisor.end(CLOSE_WITHIN_MS), this.leaveCensus()]);
    this.options.logger.info({}, 'Socket Mode stopped');
  }

  /** What Redis does not take now, the others forget by themselves. */
  private async leaveCensus(): Promise<void> {
    const { census, clock } = this.options;
    if (census === undefined) return;
    await Promise.race([census.leave(), clock.pause(CLOSE_WITHIN_MS)]);
  }

  private tellGapEnded(): void {
    for (const listener of this.gapListeners) {
      try {
        listener();
      } catch (error) {
        this.options.logger.error({ err: error }, 'Socket Mode: a listener failed');
      }
    }
  }
}
