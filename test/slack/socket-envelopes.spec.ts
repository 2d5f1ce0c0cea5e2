import { SystemClock } from '../../src/clock/clock.js';
import { SocketWorld, type WorldOptions } from './socket-world.js';

let world: SocketWorld;

const start = async (options?: WorldOptions): Promise<void> => {
  world = await SocketWorld.start(options);
};

afterEach(async () => {
  await world.close();
});

const errors = () => world.logger.lines.filter(({ level }) => level === 'error');

describe('an envelope', () => {
  it("is acknowledged with the handler's answer", async () => {
    const answer = { response_action: 'errors', errors: { duration: 'too long' } };
    await start({ handle: () => Promise.resolve(answer) });
    const { envelope, ended } = world.simulator.sockets.send('interactive', { type: 'view_submission' });
    expect(await ended).toMatchObject({ acknowledged: true, payload: answer });
    expect(world.received).toMatchObject([
      { id: envelope.id, type: 'interactive', payload: { type: 'view_submission' }, retry: 0 },
    ]);
    expect(world.logged('Socket Mode request received')).toEqual([{ type: 'interactive', envelopeId: envelope.id }]);
    expect(world.socket.status().lastEnvelopeAt).toBe(world.received[0]?.receivedAt);
  });

  it('is acknowledged in time, once, when the handler is slow', async () => {
    let release = (): void => undefined;
    const handle = () =>
      new Promise<undefined>((resolve) => {
        release = () => {
          resolve(undefined);
        };
      });
    await start({ handle, clock: new SystemClock() });
    const { envelope, ended } = world.simulator.sockets.send('interactive', {});
    const { afterMs, acknowledged } = await ended;
    expect(acknowledged).toBe(true);
    expect(afterMs).toBeGreaterThan(1_900);
    expect(afterMs).toBeLessThan(2_900);
    expect(world.received[0]?.isAcknowledged()).toBe(true);
    release();
    const { ended: next } = world.simulator.sockets.send('interactive', {});
    await world.until('the next', () => world.received.length === 2);
    release();
    await next;
    expect(envelope.attempts.map(({ acknowledgements }) => acknowledgements.length)).toEqual([1]);
    expect(world.simulator.sockets.strays).toEqual([]);
  });

  it('is acknowledged when the handler fails, and the failure is an error in the log', async () => {
    await start({ handle: () => Promise.reject(new Error('broken')) });
    const { envelope, ended } = world.simulator.sockets.send('interactive', {});
    expect(await ended).toMatchObject({ acknowledged: true });
    expect(errors()).toMatchObject([{ fields: { envelopeId: envelope.id, err: { message: 'broken' } } }]);
  });

  it.each<[string, string, unknown]>([
    ['of an unknown type', 'a_type_of_tomorrow', { a: 1 }],
    ['of no type', '', {}],
    ['that calls itself close', 'close', {}],
    ['that calls itself disconnected', 'disconnected', {}],
    ['that calls itself ws_message', 'ws_message', {}],
    ['that calls itself error', 'error', {}],
    ['that calls itself hello', 'hello', {}],
    ['that calls itself disconnect', 'disconnect', { reason: 'link_disabled' }],
    ['that is an event without an event', 'events_api', {}],
    ['that is an event with an event that is none', 'events_api', { event: 7 }],
    ['whose payload is null', 'events_api', null],
    ['whose payload is a text', 'interactive', 'text'],
    ['whose payload is a list', 'slash_commands', [1]],
    ['without a payload', 'interactive', undefined],
  ])('%s is handled and acknowledged', async (_what, type, payload) => {
    await start();
    expect(await world.simulator.sockets.send(type, payload).ended).toMatchObject({ acknowledged: true });
    expect(world.received).toMatchObject([{ type, payload }]);
    expect(world.socket.status()).toMatchObject({ state: 'connected', reconnects: 0 });
    expect(errors()).toEqual([]);
  });

  it('that is a retry is handled', async () => {
    await start({
      sockets: { acknowledgeWithinMs: 100, retryDelaysMs: [0] },
      handle: ({ retry }) => (retry === 0 ? new Promise(() => undefined) : Promise.resolve(undefined)),
    });
    const { envelope } = world.simulator.sockets.send('events_api', { event: { type: 'reaction_added' } });
    await world.until('the retry', () => envelope.state === 'acknowledged');
    expect(world.received.map(({ retry }) => retry)).toEqual([0, 1]);
    expect(world.logged('Socket Mode request received')[1]).toMatchObject({ retry: 1 });
  });

  it('comes after whatever else was sent', async () => {
    await start();
    const raw = [
      '',
      '{',
      '[]',
      'null',
      '7',
      '"text"',
      '{"type":"hello"}',
      '{"type":"events_api","payload":{}}',
      '\u0000',
    ];
    for (const text of raw) world.simulator.sockets.sendRaw(text);
    world.simulator.sockets.sendRaw(JSON.stringify({ envelope_id: 7, type: 'interactive' }));
    expect(await world.simulator.sockets.send('interactive', {}).ended).toMatchObject({ acknowledged: true });
    expect(world.received).toHaveLength(1);
    expect(world.socket.status()).toMatchObject({ state: 'connected', reconnects: 0 });
    expect(world.simulator.sockets.strays).toEqual([]);
    expect(errors()).toEqual([]);
  });

  it('whose connection is gone when it has been handled is warned about', async () => {
    let release = (): void => undefined;
    await start({
      handle: () =>
        new Promise((resolve) => {
          release = () => {
            resolve(undefined);
          };
        }),
    });
    world.simulator.sockets.send('interactive', {});
    await world.until('the envelope', () => world.received.length === 1);
    world.simulator.sockets.drop();
    await world.connected(1);
    expect(world.received[0]?.isAcknowledged()).toBe(true);
    release();
    await world.until('the warning', () =>
      world.logger.lines.some(({ level, message }) => level === 'warn' && message.includes('not acknowledged')),
    );
  });
});

describe('50 refreshes, with a click every 50 ms', () => {
  it('lose no click', async () => {
    await start({ clock: new SystemClock(), sockets: { closeAfterMs: 300 } });
    const { sockets } = world.simulator;
    const clicks: ReturnType<typeof sockets.send>[] = [];
    const clicking = setInterval(() => {
      clicks.push(sockets.send('interactive', { n: clicks.length }));
    }, 50);
    try {
      for (let refresh = 1; refresh <= 50; refresh += 1) {
        const before = clicks.length;
        await world.until('clicks', () => clicks.length >= before + 3);
        const newest = sockets.connections.at(-1);
        sockets.disconnect(refresh % 2 === 0 ? 'warning' : 'refresh_requested', {
          connections: newest ? [newest] : [],
        });
        await world.connected(refresh);
      }
    } finally {
      clearInterval(clicking);
    }
    const outcomes = await Promise.all(clicks.map(({ ended }) => ended));
    expect(clicks.length).toBeGreaterThanOrEqual(150);
    expect(world.received.map(({ id }) => id).sort()).toEqual(clicks.map(({ envelope }) => envelope.id).sort());
    // One that comes with the very close frame is handled, but the socket takes no acknowledgement any more.
    const unacknowledged = outcomes.filter(({ acknowledged }) => !acknowledged);
    expect(unacknowledged.filter(({ reason }) => reason !== 'connection-closed')).toEqual([]);
    expect(unacknowledged.length).toBeLessThanOrEqual(3);
    expect(world.gaps).toBe(1);
    expect(world.faults()).toEqual([]);
    expect(world.socket.status()).toMatchObject({ state: 'connected', reconnects: 50 });
  });
});
