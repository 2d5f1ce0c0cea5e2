import type { Clock } from '../clock/clock.js';
import { excerpt } from '../domain/excerpt.js';
import type { AppLogger } from '../logging/logger.js';
import {
  ACKNOWLEDGE_WITHIN_MS,
  ENVELOPE_TYPES,
  type Envelope,
  type EnvelopeAnswer,
  type EnvelopeHandler,
  type EnvelopeType,
} from './slack-socket.js';
import type { SocketConnection } from './socket-connection.js';
import type { ReceivedEnvelope } from './socket-message.js';

/** What of an untrusted word goes into the log. */
const shown = (word: string): string => excerpt(word, 100);

const typeOf = (word: string): EnvelopeType => ENVELOPE_TYPES.find((type) => type === word) ?? 'other';

/** Two turns of the event loop: in one, what has arrived is read; the first may be half over. */
const readWhatCame = async (): Promise<void> => {
  for (let turns = 0; turns < 2; turns++) await new Promise((resolve) => setImmediate(resolve));
};

/** Has envelopes handled, and acknowledges each exactly once over the connection that brought it. */
export class EnvelopeDesk {
  private handler: EnvelopeHandler | undefined;
  private readonly running = new Set<Promise<void>>();
  /** Epoch milliseconds; null: none yet. */
  lastEnvelopeAt: number | null = null;
  readonly counts: Record<EnvelopeType, number> = { interactive: 0, events_api: 0, slash_commands: 0, other: 0 };

  constructor(
    private readonly clock: Clock,
    private readonly logger: AppLogger,
  ) {}

  onEnvelope(handler: EnvelopeHandler): void {
    this.handler = handler;
  }

  receive(received: ReceivedEnvelope, connection: SocketConnection): void {
    const receivedAt = this.clock.now();
    this.lastEnvelopeAt = receivedAt;
    const { type, id, retry } = received;
    this.counts[typeOf(type)] += 1;
    const fields = { type: shown(type), envelopeId: shown(id), ...(retry > 0 && { retry }) };
    this.logger.info(fields, 'Socket Mode request received');
    const work = this.serve({ ...received, receivedAt }, connection, fields).finally(() => this.running.delete(work));
    this.running.add(work);
  }

  /** Resolves when no envelope is being handled, nor waits to be read. */
  async idle(): Promise<void> {
    do {
      await Promise.all(this.running);
      await readWhatCame();
    } while (this.running.size > 0);
  }

  private async serve(
    received: ReceivedEnvelope & Pick<Envelope, 'receivedAt'>,
    connection: SocketConnection,
    fields: object,
  ): Promise<void> {
    let acknowledged: Promise<void> | undefined;
    const acknowledge = (answer?: EnvelopeAnswer): Promise<void> =>
      (acknowledged ??= this.acknowledge(received.id, answer, connection, fields));
    const cancel = this.clock.after(ACKNOWLEDGE_WITHIN_MS, () => {
      this.logger.warn(fields, 'Socket Mode request acknowledged before it was handled');
      void acknowledge();
    });
    const answer = await this.handle(
      {
        ...received,
        isAcknowledged: () => acknowledged !== undefined || !connection.isOpen(),
      },
      fields,
    );
    cancel();
    await acknowledge(answer);
  }

  private async handle(envelope: Envelope, fields: object): Promise<EnvelopeAnswer> {
    try {
      return await this.handler?.(envelope);
    } catch (error) {
      this.logger.error({ ...fields, err: error }, 'Socket Mode request failed');
      return undefined;
    }
  }

  /** Never rejects. */
  private async acknowledge(
    id: string,
    answer: EnvelopeAnswer,
    connection: SocketConnection,
    fields: object,
  ): Promise<void> {
    try {
      await connection.acknowledge(id, answer);
    } catch (error) {
      if (answer !== undefined && connection.isOpen()) {
        this.logger.error({ ...fields, err: error }, 'Socket Mode request acknowledged without its answer');
        await this.acknowledge(id, undefined, connection, fields);
        return;
      }
      this.logger.warn(fields, 'Socket Mode request not acknowledged: its connection is gone');
    }
  }
}
