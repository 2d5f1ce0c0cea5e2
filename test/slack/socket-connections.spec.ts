import { inspect } from 'node:util';
import { SystemClock } from '../../src/clock/clock.js';
import { SocketWorld, type WorldOptions } from './socket-world.js';
import { PROMPTLY_MS } from '../support/promptly.js';

let world: SocketWorld;

const start = async (options?: WorldOptions): Promise<void> => {
  world = await SocketWorld.start(options);
};

/** Of the real clock. */
const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
};

afterEach(async () => {
  await world.close();
});

describe('a connection that is lost', () => {
  it('is there again within 2 s after its TCP connection dropped', async () => {
    await start({ clock: new SystemClock() });
    const ms = await timed(async () => {
      world.simulator.sockets.drop();
      await world.connected(1);
    });
    expect(ms).toBeLessThan(PROMPTLY_MS);
    expect(world.gaps).toBe(2);
    expect(world.faults()).toHaveLength(1);
    const delivery = world.simulator.sockets.send('interactive', { n: 1 });
    expect(await delivery.ended).toMatchObject({ acknowledged: true });
  });

  it('is noticed when it goes silent', async () => {
    await start({ pongWithinMs: 300 });
    world.simulator.faults.add({ kind: 'silent', forMs: 1_200 });
    await world.until('a new connection', () => world.gaps === 2);
    expect(world.faults()[0]).toMatch(/^(stalled|closed)$/); // whether the SDK or we look first
    expect(await world.simulator.sockets.send('interactive', {}).ended).toMatchObject({ acknowledged: true });
  });

  it('is noticed when the server begins to close and keeps TCP open', async () => {
    await start();
    const [connection] = world.simulator.sockets.connections;
    world.simulator.faults.add({ kind: 'keeps-tcp' });
    connection?.disconnect('link_disabled', 0);
    await world.connected(1);
    world.simulator.sockets.disconnect('refresh_requested', { closeAfterMs: 0 });
    await world.connected(2);
    await world.until('the old ones to be gone', () => world.simulator.sockets.connections.length === 1);
  });
});

describe('a connection that does not come about', () => {
  it('is tried again after 500, invalid_auth, a refused and an unanswered upgrade', async () => {
    world = await SocketWorld.prepare();
    const { faults } = world.simulator;
    const handles = [
      faults.add({ kind: 'http', status: 500, method: 'apps.connections.open' }),
      faults.add({ kind: 'error', code: 'invalid_auth', method: 'apps.connections.open' }),
      faults.add({ kind: 'refuse-upgrade', status: 408 }),
      faults.add({ kind: 'no-hello' }),
    ];
    world.socket.start();
    await world.connected();
    expect(handles.map(({ hits }) => hits)).toEqual([1, 1, 1, 1]);
    expect(world.faults()).toEqual(['http_500', 'invalid_auth', expect.any(String), 'no_hello']);
    expect(world.logged('Socket Mode reconnecting')[1]).toMatchObject({ advice: 'check SLACK_APP_TOKEN' });
    expect(world.gaps).toBe(1);
    expect(world.simulator.sockets.connections).toHaveLength(1);
  });

  it('is tried again after answers that are no answers', async () => {
    world = await SocketWorld.prepare();
    const { faults } = world.simulator;
    const method = 'apps.connections.open';
    faults.add({ kind: 'html', method });
    faults.add({ kind: 'reset-before', method });
    faults.add({ kind: 'broken-body', method });
    faults.add({ kind: 'rate-limit', retryAfter: 1, method });
    world.socket.start();
    await world.connected();
    expect(world.faults()).toEqual(['unreadable_answer', expect.any(String), expect.any(String), 'ratelimited']);
  });

  it('is tried again while nothing listens', async () => {
    await start();
    const refused = world.simulator.faults.add({ kind: 'refused' });
    world.simulator.sockets.drop();
    await world.until('a refused connection', () => world.faults().includes('ECONNREFUSED'));
    await refused.remove();
    await world.connected(1);
    expect(world.gaps).toBe(2);
  });

  it('shows no token and no address of a socket, whatever happens', async () => {
    world = await SocketWorld.prepare({ appToken: 'xapp-wrong-token' });
    world.socket.start();
    await world.until('a refusal', () => world.faults().length > 1);
    expect(world.faults()[0]).toBe('invalid_auth');
    expect(world.socket.status()).toMatchObject({ state: 'connecting', error: 'invalid_auth' });
    world.simulator.faults.add({ kind: 'refuse-upgrade', status: 500 });
    const shown = inspect([world.logger.lines, world.socket.status()], { depth: 20, showHidden: true });
    expect(shown).not.toMatch(/xapp-|ticket|wss?:/);
  });

  it.each(['link_disabled', 'too_many_websockets'] as const)('is tried again after %s', async (reason) => {
    await start();
    world.simulator.sockets.disconnect(reason, { closeAfterMs: 0 });
    await world.connected(1);
    expect(world.faults()).toEqual([reason]);
    expect(world.logged("Socket Mode disabled in the app's settings")).toHaveLength(Number(reason === 'link_disabled'));
    world.simulator.sockets.drop();
    await world.connected(2);
  });

  it('is tried again when Slack has too many of them instead of a hello', async () => {
    world = await SocketWorld.prepare();
    const ghosts = world.simulator.faults.add({ kind: 'ghosts', count: 10 });
    world.socket.start();
    await world.until('two refusals', () => world.faults().length >= 2);
    expect(world.faults().slice(0, 2)).toEqual(['too_many_websockets', 'too_many_websockets']);
    await ghosts.remove();
    await world.connected();
  });
});

describe('ghost connections', () => {
  it('are warned about with the numbers', async () => {
    world = await SocketWorld.prepare();
    world.simulator.faults.add({ kind: 'ghosts', count: 2 });
    world.socket.start();
    await world.connected();
    const message = 'Socket Mode: Slack counts more connections of this app than this deployment has opened';
    expect(world.logged(message)).toEqual([expect.objectContaining({ connections: 3, ours: 1 })]);
    expect(world.socket.status().connections).toBe(3);
  });
});

describe('stop', () => {
  it.each(['answered', 'unanswered'] as const)(
    'takes at most 1 s when the server keeps TCP open, close frame %s',
    async (closeFrame) => {
      await start({ clock: new SystemClock() });
      world.simulator.faults.add({ kind: 'keeps-tcp', closeFrame });
      expect(await timed(() => world.socket.stop())).toBeLessThan(PROMPTLY_MS);
      await world.until('no connection', () => world.simulator.sockets.connections.length === 0);
    },
  );

  it.each([
    ['the address is asked for', { kind: 'hang', method: 'apps.connections.open' }],
    ['the hello is awaited', { kind: 'no-hello' }],
  ] as const)('works while %s', async (_what, fault) => {
    world = await SocketWorld.prepare({ clock: new SystemClock() });
    const handle = world.simulator.faults.add(fault);
    world.socket.start();
    await world.until('the fault', () => handle.hits === 1);
    expect(await timed(() => world.socket.stop())).toBeLessThan(PROMPTLY_MS);
    await world.until('no connection', () => world.simulator.sockets.connections.length === 0);
    expect(world.socket.status().state).toBe('stopped');
    expect(world.faults()).toEqual([]);
  });

  it('lets a running handler end and be acknowledged', async () => {
    let release = (): void => undefined;
    await start({
      clock: new SystemClock(),
      handle: () =>
        new Promise((resolve) => {
          release = () => {
            resolve({ ok: 'yes' });
          };
        }),
    });
    const { ended } = world.simulator.sockets.send('interactive', {});
    await world.until('the envelope', () => world.received.length === 1);
    const stopped = world.socket.stop();
    release();
    await stopped;
    expect(await ended).toMatchObject({ acknowledged: true, payload: { ok: 'yes' } });
  });
});
