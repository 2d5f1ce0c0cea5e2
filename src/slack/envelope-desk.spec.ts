import { ManualClock } from '../../test/support/manual-clock.js';
import { RecordingLogger } from '../../test/support/recording-logger.js';
import { EnvelopeDesk } from './envelope-desk.js';
import { FakeConnections, type FakeConnection } from './fake-connections.fixture.js';
import type { Envelope, EnvelopeAnswer, EnvelopeHandler } from './slack-socket.js';

const nothing = { hello: () => undefined, disconnecting: () => undefined, closed: () => undefined };

const setUp = (handler?: EnvelopeHandler) => {
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const desk = new EnvelopeDesk(clock, logger);
  if (handler) desk.onEnvelope(handler);
  const connections = new FakeConnections();
  const connection: FakeConnection = connections.connect({
    ...nothing,
    envelope: (envelope) => {
      desk.receive(envelope, connection);
    },
  });
  connection.hello();
  return { clock, logger, desk, connection };
};

/** A handler that answers when told. */
const heldHandler = () => {
  const held: { envelope: Envelope; answer: (answer: EnvelopeAnswer) => void; fail: (error: Error) => void }[] = [];
  const handler: EnvelopeHandler = (envelope) =>
    new Promise((answer, fail) => {
      held.push({ envelope, answer, fail });
    });
  return { held, handler };
};

describe('EnvelopeDesk', () => {
  it("acknowledges with the handler's answer", async () => {
    const answer = { response_action: 'errors', errors: { a: 'no' } };
    const { desk, connection, clock, logger } = setUp((envelope) => {
      expect(envelope).toMatchObject({ id: 'e1', type: 'interactive', payload: { a: 1 }, retry: 0 });
      expect(envelope.receivedAt).toBe(clock.now());
      expect(envelope.isAcknowledged()).toBe(false);
      return Promise.resolve(answer);
    });
    connection.envelope('e1', 'interactive', { a: 1 });
    await desk.idle();
    expect(connection.acknowledged).toEqual([{ id: 'e1', answer }]);
    expect(desk.lastEnvelopeAt).toBe(clock.now());
    expect(logger.lines).toEqual([
      { level: 'info', fields: { type: 'interactive', envelopeId: 'e1' }, message: 'Socket Mode request received' },
    ]);
    await clock.advance(10_000);
    expect(connection.acknowledged).toHaveLength(1);
  });

  it('acknowledges after 2 s what takes longer, and says so to the handler', async () => {
    const { held, handler } = heldHandler();
    const { desk, connection, clock, logger } = setUp(handler);
    connection.envelope('e1');
    await clock.advance(1_999);
    expect(connection.acknowledged).toEqual([]);
    expect(held[0]?.envelope.isAcknowledged()).toBe(false);
    await clock.advance(1);
    expect(held[0]?.envelope.isAcknowledged()).toBe(true);
    held[0]?.answer({ late: true });
    await desk.idle();
    expect(connection.acknowledged).toEqual([{ id: 'e1', answer: undefined }]);
    expect(logger.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'info Socket Mode request received',
      'warn Socket Mode request acknowledged before it was handled',
    ]);
  });

  it.each<[string, EnvelopeHandler]>([
    ['rejects', () => Promise.reject(new Error('broken'))],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
  ])('acknowledges and logs as an error when the handler %s', async (_how, handler) => {
    const { desk, connection, logger } = setUp(handler);
    connection.envelope('e1');
    await desk.idle();
    expect(connection.acknowledged).toEqual([{ id: 'e1', answer: undefined }]);
    expect(logger.lines.at(-1)).toMatchObject({ level: 'error', message: 'Socket Mode request failed' });
    expect(logger.lines.at(-1)?.fields).toMatchObject({ envelopeId: 'e1', err: { message: 'broken' } });
  });

  it('warns when the connection is gone before the acknowledgement', async () => {
    const { held, handler } = heldHandler();
    const { desk, connection, logger } = setUp(handler);
    connection.envelope('e1');
    connection.close();
    expect(held[0]?.envelope.isAcknowledged()).toBe(true); // the answer can reach nobody any more
    held[0]?.answer(undefined);
    await desk.idle();
    expect(logger.lines.at(-1)).toMatchObject({ level: 'warn', fields: { envelopeId: 'e1' } });
    expect(logger.lines.at(-1)?.message).toContain('not acknowledged');
  });

  it('drops no retry, and names its number', async () => {
    const seen: number[] = [];
    const { desk, connection, logger } = setUp((envelope) => {
      seen.push(envelope.retry);
      return Promise.resolve(undefined);
    });
    connection.envelope('e1', 'events_api', {}, 0);
    connection.envelope('e1', 'events_api', {}, 1);
    await desk.idle();
    expect(seen).toEqual([0, 1]);
    expect(connection.acknowledged.map(({ id }) => id)).toEqual(['e1', 'e1']);
    expect(logger.lines[1]?.fields).toEqual({ type: 'events_api', envelopeId: 'e1', retry: 1 });
  });

  it('acknowledges without a handler, and after an answer that cannot be sent', async () => {
    const without = setUp();
    without.connection.envelope('e1', 'a_type_of_tomorrow', null);
    await without.desk.idle();
    expect(without.connection.acknowledged).toHaveLength(1);

    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    const { desk, connection } = setUp(() => Promise.resolve(loop));
    connection.envelope('e2');
    await desk.idle();
    expect(connection.acknowledged).toEqual([{ id: 'e2', answer: undefined }]);
  });
});
