import { ManualClock } from '../../test/support/manual-clock.js';
import { RecordingLogger } from '../../test/support/recording-logger.js';
import { fault } from './connection-fault.js';
import { FakeConnections } from './fake-connections.fixture.js';
import { SocketModeSlackSocket } from './socket-mode-slack-socket.js';

const setUp = () => {
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const fakes = new FakeConnections();
  const socket = new SocketModeSlackSocket({ connect: fakes.connect, clock, logger, random: () => 0 });
  let gaps = 0;
  socket.onGap(() => {
    gaps += 1;
  });
  const ids: string[] = [];
  socket.onEnvelope((envelope) => {
    ids.push(envelope.id);
    return Promise.resolve(undefined);
  });
  socket.start();
  return { clock, logger, fakes, socket, ids, gaps: () => gaps, start: clock.now() };
};

type World = ReturnType<typeof setUp>;

const linesOf = ({ logger }: World, level: string) => logger.lines.filter((line) => line.level === level);
const delays = ({ logger }: World) =>
  logger.lines
    .filter(({ message }) => message === 'Socket Mode reconnecting')
    .map(({ fields }) => (fields as { retryInMs?: number }).retryInMs);

/** Microtasks that are due. */
const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

describe('a first connection', () => {
  it('is connecting until the hello, and then says so', async () => {
    const world = setUp();
    const { socket, fakes, logger, clock, start } = world;
    expect(socket.status()).toEqual({
      state: 'connecting',
      since: start,
      lastEnvelopeAt: null,
      reconnects: 0,
      connections: null,
      error: null,
    });
    await clock.advance(300);
    expect(world.gaps()).toBe(0);
    fakes.last.hello(1);
    expect(socket.status()).toMatchObject({ state: 'connected', since: start + 300, connections: 1, error: null });
    expect(logger.lines).toEqual([
      { level: 'info', fields: { connections: 1, reconnects: 0 }, message: 'Socket Mode connected' },
    ]);
    expect(world.gaps()).toBe(1);
    fakes.last.envelope('e1');
    expect(socket.status().lastEnvelopeAt).toBe(clock.now());
    expect(world.ids).toEqual(['e1']);
  });

  it('is given up after 10 s without a hello, cut, and tried again', async () => {
    const { clock, fakes, socket, logger } = setUp();
    const [first] = fakes.all;
    await clock.advance(9_999);
    expect(fakes.all).toHaveLength(1);
    await clock.advance(1);
    expect(first?.wasCut).toBe(true);
    expect(socket.status()).toMatchObject({ state: 'connecting', error: 'no_hello' });
    expect(logger.lines.at(-1)).toMatchObject({ level: 'warn', fields: { code: 'no_hello', retryInMs: 1_000 } });
    await clock.advance(1_000);
    expect(fakes.all).toHaveLength(2);
    first?.hello(); // too late
    expect(socket.status().state).toBe('connecting');
    fakes.last.hello();
    expect(socket.status()).toMatchObject({ state: 'connected', error: null, reconnects: 0 });
  });

  it('is tried again with growing delays, one try at a time, and says what to do', async () => {
    const world = setUp();
    const { clock, fakes, socket } = world;
    for (let tries = 1; tries <= 8; tries += 1) {
      expect(fakes.all).toHaveLength(tries);
      fakes.last.close(fault('invalid_auth'));
      await settle();
      await clock.advance(delays(world).at(-1) ?? 0);
    }
    expect(delays(world)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 25_000, 25_000, 25_000]);
    expect(linesOf(world, 'warn')[0]).toEqual({
      level: 'warn',
      fields: { code: 'invalid_auth', retryInMs: 1_000, advice: 'check SLACK_APP_TOKEN' },
      message: 'Socket Mode reconnecting',
    });
    expect(socket.status()).toMatchObject({ state: 'connecting', error: 'invalid_auth' });
    expect(world.gaps()).toBe(0);
  });

  it('waits as long as Slack asks for', async () => {
    const world = setUp();
    world.fakes.last.close(fault('ratelimited', 45_000));
    await settle();
    expect(delays(world)).toEqual([45_000]);
    await world.clock.advance(44_999);
    expect(world.fakes.all).toHaveLength(1);
    await world.clock.advance(1);
    expect(world.fakes.all).toHaveLength(2);
  });
});

describe('a refresh', () => {
  it.each(['warning', 'refresh_requested', 'a_reason_of_tomorrow'])(
    'opens the next connection before the old one goes (%s)',
    async (reason) => {
      const world = setUp();
      const { clock, fakes, socket, ids } = world;
      const old = fakes.last.hello();
      await clock.advance(3_600_000);
      old.sayDisconnect(reason);
      old.sayDisconnect('refresh_requested');
      expect(fakes.all).toHaveLength(2);
      expect(old.state).toBe('open');
      old.envelope('e1');
      expect(socket.status().state).toBe('connected');
      const next = fakes.last.hello(2);
      expect(socket.status()).toMatchObject({ state: 'connected', reconnects: 1, connections: 2 });
      expect(old.state).toBe('open');
      old.envelope('e2');
      next.envelope('e3');
      await settle();
      expect(ids).toEqual(['e1', 'e2', 'e3']);
      expect(old.acknowledged.map(({ id }) => id)).toEqual(['e1', 'e2']);
      old.close();
      await clock.advance(60_000);
      expect(fakes.all).toHaveLength(2);
      expect(socket.status().state).toBe('connected');
      expect(world.gaps()).toBe(1);
      expect(linesOf(world, 'warn')).toEqual([]);
    },
  );

  it('ends the old connection itself when Slack does not', async () => {
    const { clock, fakes } = setUp();
    const old = fakes.last.hello();
    old.answersClose = false;
    await clock.advance(60_000);
    old.sayDisconnect('warning');
    fakes.last.hello(2);
    await clock.advance(14_999);
    expect(old.state).toBe('open');
    await clock.advance(1_002);
    expect(old.state).toBe('closed');
    expect(old.wasCut).toBe(true);
  });

  it('goes on while the next connection does not come about, and misses nothing', async () => {
    const world = setUp();
    const { clock, fakes, socket } = world;
    const old = fakes.last.hello();
    await clock.advance(60_000);
    old.sayDisconnect('warning');
    fakes.last.close(fault('http_500'));
    await settle();
    expect(socket.status()).toMatchObject({ state: 'connected', error: null });
    expect(delays(world)).toEqual([1_000]);
    await clock.advance(1_000);
    fakes.last.hello(2);
    expect(socket.status()).toMatchObject({ state: 'connected', reconnects: 1 });
    expect(world.gaps()).toBe(1);
  });

  it('is a gap when the old connection goes first', async () => {
    const world = setUp();
    const { clock, fakes, socket } = world;
    const old = fakes.last.hello();
    await clock.advance(60_000);
    old.sayDisconnect('refresh_requested');
    old.close();
    await settle();
    expect(socket.status()).toMatchObject({ state: 'reconnecting', error: 'closed' });
    expect(fakes.all).toHaveLength(2);
    fakes.last.hello();
    expect(socket.status()).toMatchObject({ state: 'connected', error: null });
    expect(world.gaps()).toBe(2);
  });

  it('does not spin when Slack asks for one with each hello', async () => {
    const world = setUp();
    const { clock, fakes } = world;
    for (let round = 0; round < 5; round += 1) {
      fakes.last.hello().sayDisconnect('refresh_requested');
      await clock.advance(delays(world).at(-1) ?? 0);
    }
    expect(delays(world)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
    expect(fakes.all).toHaveLength(6);
  });

  it('keeps few old connections', async () => {
    const { clock, fakes } = setUp();
    fakes.last.hello();
    for (let round = 0; round < 20; round += 1) {
      await clock.advance(200);
      fakes.last.sayDisconnect('warning');
      fakes.last.hello();
    }
    await settle();
    expect(fakes.count('open')).toBe(5);
  });
});

describe('a loss', () => {
  it('is mended at once after a connection that lasted, and is a gap', async () => {
    const world = setUp();
    const { clock, fakes, socket } = world;
    fakes.last.hello();
    await clock.advance(60_000);
    fakes.last.close(fault('ECONNRESET'));
    await settle();
    expect(socket.status()).toMatchObject({ state: 'reconnecting', since: clock.now(), error: 'ECONNRESET' });
    await clock.advance(0);
    fakes.last.hello();
    expect(socket.status()).toMatchObject({ state: 'connected', reconnects: 1 });
    expect(world.gaps()).toBe(2);
    fakes.last.close();
    await settle();
    expect(delays(world)).toEqual([0, 1_000]); // the second had not lasted
  });

  it('backs off from connections that do not last, and forgets it after one that did', async () => {
    const world = setUp();
    const { clock, fakes } = world;
    for (let round = 0; round < 4; round += 1) {
      fakes.last.hello().close();
      await clock.advance(10_000);
    }
    fakes.last.hello();
    await clock.advance(60_000);
    fakes.last.close();
    await settle();
    expect(delays(world)).toEqual([1_000, 2_000, 4_000, 8_000, 0]);
  });

  it('is noticed within 1 s when the socket stalls and nobody says so', async () => {
    const { clock, fakes, socket } = setUp();
    const first = fakes.last.hello();
    await clock.advance(60_000);
    first.state = 'stalled';
    await clock.advance(1_000);
    expect(first.wasCut).toBe(true);
    expect(fakes.all).toHaveLength(2);
    expect(socket.status()).toMatchObject({ state: 'reconnecting', error: 'stalled' });
  });

  it.each(['link_disabled', 'too_many_websockets'])('%s is tried again more and more slowly', async (reason) => {
    const world = setUp();
    const { clock, fakes, socket } = world;
    fakes.last.hello();
    await clock.advance(60_000);
    for (let round = 0; round < 4; round += 1) {
      fakes.last.sayDisconnect(reason);
      expect(socket.status()).toMatchObject({ state: 'reconnecting', error: reason });
      fakes.last.close();
      await clock.advance(delays(world).at(-1) ?? 0);
      if (round < 3) fakes.last.hello();
    }
    expect(delays(world)).toEqual([1_000, 2_000, 4_000, 8_000]);
    const disabled = linesOf(world, 'warn').filter(({ message }) => message.includes('disabled in the app'));
    expect(disabled).toHaveLength(reason === 'link_disabled' ? 4 : 0);
    fakes.last.sayDisconnect(reason); // instead of a hello
    await settle();
    expect(delays(world)).toHaveLength(5);
    expect(fakes.last.state).toBe('closed');
  });
});

describe('ghost connections', () => {
  const warnings = (world: World) => linesOf(world, 'warn').filter(({ message }) => message.includes('counts more'));

  it('are warned about once, until their number changes', async () => {
    const world = setUp();
    const { clock, fakes } = world;
    const refresh = async (connections: number) => {
      await clock.advance(60_000);
      const old = fakes.last;
      old.sayDisconnect('warning');
      fakes.last.hello(connections);
      old.close();
      await settle();
    };
    fakes.last.hello(3);
    expect(warnings(world)).toHaveLength(1);
    expect(warnings(world)[0]?.fields).toMatchObject({ connections: 3, ours: 1 });
    await refresh(4); // the retiring one is ours
    expect(warnings(world)).toHaveLength(1);
    await refresh(3);
    expect(warnings(world)).toHaveLength(2);
    await refresh(2);
    await refresh(3);
    expect(warnings(world)).toHaveLength(3);
  });

  it('are not suspected where Slack does not count', () => {
    const world = setUp();
    world.fakes.last.hello(null);
    expect(warnings(world)).toEqual([]);
    expect(world.socket.status().connections).toBeNull();
  });
});

describe('stop', () => {
  it('waits for running handlers, acknowledges, and closes', async () => {
    const { clock, fakes, socket } = setUp();
    const release: (() => void)[] = [];
    socket.onEnvelope(
      () =>
        new Promise((resolve) => {
          release.push(() => {
            resolve({ done: true });
          });
        }),
    );
    fakes.last.hello().envelope('e1');
    let stopped = false;
    const stopping = socket.stop().then(() => {
      stopped = true;
    });
    await clock.advance(500);
    expect(stopped).toBe(false);
    expect(fakes.last.state).toBe('open');
    expect(socket.status()).toMatchObject({ state: 'stopped', error: null });
    release[0]?.();
    await stopping;
    expect(fakes.last.acknowledged).toEqual([{ id: 'e1', answer: { done: true } }]);
    expect(fakes.last.state).toBe('closed');
    await clock.advance(60_000);
    expect(fakes.all).toHaveLength(1);
  });

  it('takes at most 1 s, whatever hangs', async () => {
    const { clock, fakes, socket } = setUp();
    socket.onEnvelope(() => new Promise(() => undefined));
    fakes.last.hello().envelope('e1');
    fakes.last.answersClose = false;
    let stopped = false;
    void socket.stop().then(() => {
      stopped = true;
    });
    await clock.advance(1_000, settle);
    expect(stopped).toBe(true);
    expect(fakes.last.wasCut).toBe(true);
  });

  it.each(['before the hello', 'while waiting to try again'])('works %s', async (when) => {
    const { clock, fakes, socket } = setUp();
    if (when === 'while waiting to try again') fakes.last.close();
    await settle();
    await Promise.all([socket.stop(), socket.stop()]);
    expect(fakes.last.state).toBe('closed');
    socket.start();
    await clock.advance(60_000);
    expect(fakes.all).toHaveLength(1);
    expect(socket.status().state).toBe('stopped');
  });
});
