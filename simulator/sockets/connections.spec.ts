import { ALERTS, clientOf, connectSocket, failure, refusalCode, socketClientOf } from '../spec-support.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../simulator.js';

/** How long a side that hears nothing waits. */
const PATIENCE_MS = 1_000;

let simulator: Simulator;
let clock = 0;
const start = async (sockets: SimulatorOptions['sockets'] = {}) => {
  simulator = await startSimulator({ pace: 'off', now: () => Date.now() + clock, sockets });
};
afterEach(async () => {
  clock = 0;
  await simulator.close();
});

const open = (token = simulator.appToken) => clientOf(simulator, { token }).apps.connections.open({});

describe('apps.connections.open', () => {
  it('wants the app-level token, and wants it nowhere else', async () => {
    await start();
    expect(await open()).toMatchObject({ ok: true, url: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/link\//) });
    expect(await refusalCode(open('xapp-wrong'))).toBe('invalid_auth');
    expect(await refusalCode(open(simulator.botToken))).toBe('not_allowed_token_type');
    expect(await refusalCode(open(''))).toBe('not_authed');
    const post = clientOf(simulator, { token: simulator.appToken }).chat.postMessage({ channel: ALERTS, text: 'x' });
    expect(await refusalCode(post)).toBe('not_allowed_token_type');
    expect(JSON.stringify(simulator.calls)).not.toContain('xapp-');
  });

  it('gives an address that works once, and not for long', async () => {
    await start();
    const { url = '' } = await open();
    const opened = await socketEnd(url);
    expect(opened).toBe('open');
    expect(await socketEnd(url)).toBe('refused');
    const late = await open();
    clock = 31_000;
    expect(await socketEnd(late.url ?? '')).toBe('refused');
  });
});

it('says hello with what Slack says', async () => {
  await start();
  const frames: unknown[] = [];
  for (const count of [1, 2]) {
    const client = socketClientOf(simulator);
    client.on('ws_message', (text: string) => frames.push(JSON.parse(text)));
    await client.start();
    expect(frames.at(-1)).toMatchObject({
      type: 'hello',
      num_connections: count,
      connection_info: { app_id: 'A0THREADER' },
      debug_info: { host: expect.any(String), approximate_connection_time: 18_060 },
    });
  }
});

it('closes the eleventh connection with too_many_websockets', async () => {
  await start();
  for (let n = 0; n < 10; n += 1) await connectSocket(simulator);
  const eleventh = socketClientOf(simulator);
  const frames: string[] = [];
  eleventh.on('ws_message', (text: string) => frames.push(text));
  await failureOf(eleventh.start());
  expect(frames.join()).toContain('"reason":"too_many_websockets"');
  expect(frames.join()).not.toContain('hello');
  expect(simulator.sockets.opened).toBe(11);
});

describe('the end of a connection', () => {
  it.each(['warning', 'refresh_requested', 'link_disabled'] as const)('is announced as %s', async (reason) => {
    await start({ closeAfterMs: 10 });
    const client = socketClientOf(simulator);
    const frames: string[] = [];
    client.on('ws_message', (text: string) => frames.push(text));
    await client.start();
    const gone = new Promise((resolve) => client.once('disconnected', resolve));
    simulator.sockets.disconnect(reason);
    expect(simulator.sockets.connections[0]?.disconnectReason).toBe(reason);
    await gone;
    expect(frames.at(-1)).toContain(`"reason":"${reason}"`);
    await simulator.waitFor(() => simulator.sockets.connections.length === 0);
  });

  it('comes after the time when the app does nothing', async () => {
    await start();
    const { url = '' } = await open();
    const socket = new WebSocket(url);
    const closed = new Promise<number>((resolve) => {
      socket.addEventListener('close', ({ code }) => {
        resolve(code);
      });
    });
    await simulator.waitFor(() => simulator.sockets.connections[0]?.state === 'open');
    simulator.sockets.disconnect('warning', { closeAfterMs: 5 });
    expect(await closed).toBe(1000);
  });

  it('comes with the end of the simulator and with a port that is shut', async () => {
    await start();
    const client = await connectSocket(simulator);
    const gone = new Promise((resolve) => client.once('disconnected', resolve));
    const fault = simulator.faults.add({ kind: 'refused' });
    await gone;
    await failure(open());
    await fault.remove();
    await connectSocket(simulator);
  });
});

it('pings, and answers pings', async () => {
  await start({ pingEveryMs: 50 });
  const client = socketClientOf(simulator, { serverPingTimeout: PATIENCE_MS, clientPingTimeout: PATIENCE_MS });
  await client.start();
  let isGone = false;
  client.once('disconnected', () => {
    isGone = true;
  });
  const began = Date.now();
  await simulator.waitFor(() => Date.now() - began > 2 * PATIENCE_MS);
  expect(isGone).toBe(false);
});

it('sends any text, and notes what is no acknowledgement', async () => {
  await start();
  const client = socketClientOf(simulator);
  const texts: string[] = [];
  client.on('ws_message', (text: string) => texts.push(text));
  await client.start();
  simulator.sockets.sendRaw('{"type":');
  await simulator.waitFor(() => texts.at(-1) === '{"type":');
  const { url = '' } = await open();
  const socket = new WebSocket(url);
  socket.addEventListener('open', () => {
    socket.send('{"envelope_id":"unknown"}');
  });
  await simulator.waitFor(() => simulator.sockets.strays.length === 1);
  expect(simulator.sockets.strays).toEqual(['{"envelope_id":"unknown"}']);
});

/** Opens the address by hand. */
function socketEnd(url: string): Promise<'open' | 'refused'> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.addEventListener('open', () => {
      resolve('open');
    });
    socket.addEventListener('error', () => {
      resolve('refused');
    });
  });
}

/** A start that fails rejects with nothing at all. */
async function failureOf(starting: Promise<unknown>): Promise<void> {
  const went = await starting.then(
    () => true,
    () => false,
  );
  expect(went).toBe(false);
}
