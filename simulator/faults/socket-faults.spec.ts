import { get } from 'node:http';
import { ALICE, clientOf, connectSocket, postAlert, socketClientOf, type Received } from '../spec-support.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../simulator.js';

let simulator: Simulator;
const start = async (sockets: SimulatorOptions['sockets'] = {}) => {
  simulator = await startSimulator({ pace: 'off', sockets });
};
afterEach(() => simulator.close());

const send = () => simulator.sockets.send('interactive', {});
const collect = async (): Promise<Received[]> => {
  const received: Received[] = [];
  await connectSocket(simulator, (envelope) => {
    received.push(envelope);
    return envelope.ack();
  });
  return received;
};
const openConnection = () => clientOf(simulator, { token: simulator.appToken }).apps.connections.open({});
/** By hand, since the real client cannot wait for what does not come. */
const openByHand = async (): Promise<{ frames: string[]; socket: WebSocket }> => {
  const { url = '' } = await openConnection();
  const socket = new WebSocket(url);
  const frames: string[] = [];
  socket.addEventListener('message', ({ data }) => frames.push(String(data)));
  await new Promise((resolve) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', resolve);
  });
  return { frames, socket };
};
const hellos = (frames: string[]) => frames.filter((frame) => frame.includes('"hello"')).length;

describe('while a connection is opened', () => {
  it.each([500, 408])('refuse-upgrade with %d', async (status) => {
    await start();
    const fault = simulator.faults.add({ kind: 'refuse-upgrade', status });
    // By hand: the real client keeps a timer of 30 s after such a failure.
    const { url = '' } = await openConnection();
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { connection: 'Upgrade', upgrade: 'websocket' };
      const asking = get(url.replace('ws:', 'http:'), { headers }, (response) => {
        resolve(response.statusCode);
      });
      asking.on('error', reject);
    });
    expect(answer).toBe(status);
    expect(fault.hits).toBe(1);
    expect(simulator.sockets.opened).toBe(0);
    await connectSocket(simulator);
  });

  it('no-hello, and no envelopes either', async () => {
    await start();
    simulator.faults.add({ kind: 'no-hello' });
    const { frames } = await openByHand();
    expect(await send().ended).toMatchObject({ reason: 'no-connection' });
    const second = await openByHand();
    await simulator.waitFor(() => hellos(second.frames) === 1);
    expect(frames).toEqual([]);
    expect(second.frames[0]).toContain('"num_connections":2');
  });

  it('late-hello', async () => {
    await start();
    simulator.faults.add({ kind: 'late-hello', delayMs: 30 });
    const { frames } = await openByHand();
    expect(simulator.sockets.connections[0]?.state).toBe('opening');
    await simulator.waitFor(() => hellos(frames) === 1);
  });

  it('apps.connections.open meets the faults of calls', async () => {
    await start();
    simulator.faults.add({ kind: 'http', status: 500, method: 'apps.connections.open' });
    await expect(socketClientOf(simulator).start()).rejects.toMatchObject({ statusCode: 500 });
    simulator.faults.add({ kind: 'error', code: 'link_disabled', method: 'apps.connections.open' });
    await expect(socketClientOf(simulator).start()).rejects.toMatchObject({ data: { error: 'link_disabled' } });
    await connectSocket(simulator);
  });
});

describe('on the way of an envelope', () => {
  it('duplicate, with the same id', async () => {
    await start();
    const received = await collect();
    simulator.faults.add({ kind: 'duplicate', copies: 2 });
    const { envelope, ended } = send();
    expect(await ended).toMatchObject({ acknowledged: true });
    await simulator.waitFor(() => envelope.attempts[0]?.acknowledgements.length === 3);
    expect(received.map(({ envelope_id: id }) => id)).toEqual([envelope.id, envelope.id, envelope.id]);
    await send().ended;
    expect(received).toHaveLength(4);
  });

  it('duplicate, with new ids', async () => {
    await start();
    const received = await collect();
    simulator.faults.add({ kind: 'duplicate', newIds: true, match: ({ type }) => type === 'interactive' });
    await simulator.sockets.send('slash_commands', {}).ended;
    const { envelope } = send();
    await simulator.waitFor(() => envelope.attempts[0]?.acknowledgements.length === 2);
    expect(received).toHaveLength(3);
    expect(new Set(envelope.attempts[0]?.envelopeIds)).toEqual(
      new Set(received.slice(1).map(({ envelope_id: id }) => id)),
    );
  });

  it('slow-delivery, while the time runs', async () => {
    await start({ acknowledgeWithinMs: 50 });
    const received = await collect();
    simulator.faults.add({ kind: 'slow-delivery', delayMs: 20 });
    simulator.faults.add({ kind: 'slow-delivery', delayMs: 80 });
    expect(await send().ended).toMatchObject({ acknowledged: true });
    expect(await send().ended).toMatchObject({ reason: 'timeout' });
    await simulator.waitFor(() => received.length === 2);
  });
});

describe('for a time', () => {
  it('silent: no pongs, no pings, no envelopes', async () => {
    await start({ acknowledgeWithinMs: 30 });
    const client = socketClientOf(simulator, { clientPingTimeout: 60 });
    await client.start();
    const gone = new Promise((resolve) => client.once('disconnected', resolve));
    const fault = simulator.faults.add({ kind: 'silent' });
    expect(await simulator.person(ALICE).clicks(await postAlert(simulator), 'incident_ack')).toMatchObject({
      reason: 'timeout',
    });
    await gone;
    await fault.remove();
    await collect();
    expect(await send().ended).toMatchObject({ acknowledged: true });
  });

  it.each(['answered', 'unanswered'] as const)('keeps-tcp, the close frame %s', async (closeFrame) => {
    await start({ closeAfterMs: 5 });
    const { socket } = await openByHand();
    await simulator.waitFor(() => simulator.sockets.connections[0]?.state === 'open');
    simulator.faults.add({ kind: 'keeps-tcp', closeFrame });
    let isClosed = false;
    socket.addEventListener('close', () => {
      isClosed = true;
    });
    simulator.sockets.disconnect('warning');
    await simulator.waitFor(() => simulator.sockets.connections[0]?.state === 'closing');
    const isSeen = await simulator
      .waitFor(() => socket.readyState !== WebSocket.OPEN, { timeoutMs: 100 })
      .catch(() => false);
    expect(isSeen).toBe(closeFrame === 'answered');
    expect(simulator.sockets.connections).toHaveLength(1);
    simulator.sockets.drop();
    await simulator.waitFor(() => isClosed);
    await simulator.waitFor(() => simulator.sockets.connections.length === 0);
  });

  it('keeps-tcp, for the client that closes', async () => {
    await start();
    const { socket } = await openByHand();
    await simulator.waitFor(() => simulator.sockets.connections[0]?.state === 'open');
    simulator.faults.add({ kind: 'keeps-tcp', closeFrame: 'unanswered' });
    socket.close();
    await simulator.waitFor(() => simulator.sockets.connections[0]?.state === 'closing');
    expect(await send().ended).toMatchObject({ reason: 'no-connection' });
    expect(socket.readyState).toBe(WebSocket.CLOSING);
    simulator.sockets.drop();
    await simulator.waitFor(() => socket.readyState === WebSocket.CLOSED);
  });

  it('ghosts count', async () => {
    await start();
    simulator.faults.add({ kind: 'ghosts', count: 3 });
    const { frames } = await openByHand();
    await simulator.waitFor(() => hellos(frames) === 1);
    expect(frames[0]).toContain('"num_connections":4');
  });

  it('ghosts swallow what they get', async () => {
    const picks = [0.9, 0];
    await start({ acknowledgeWithinMs: 20, random: () => picks.shift() ?? 0 });
    const received = await collect();
    simulator.faults.add({ kind: 'ghosts', count: 1, swallow: true });
    expect(await send().ended).toMatchObject({ reason: 'timeout', envelope: { attempts: [{ connections: [] }] } });
    expect(await send().ended).toMatchObject({ acknowledged: true });
    expect(received).toHaveLength(1);
  });
});
