import { ALERTS, clientOf, failure, PAYMENTS } from '../spec-support.js';
import { Pace } from './pace.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../simulator.js';

let simulator: Simulator;
let started: Simulator | undefined;
let clock = 0;
afterEach(() => started?.close());

const start = async (options: SimulatorOptions = {}): Promise<Simulator> => {
  clock = 1_800_000_000_000;
  simulator = await startSimulator({ now: () => clock, ...options });
  started = simulator;
  return simulator;
};
const client = () => clientOf(simulator);
const post = (channel = ALERTS) => client().chat.postMessage({ channel, text: 'x' });
const limited = async (call: Promise<unknown>): Promise<unknown> => (await failure(call)).retryAfter;

it('lets a burst through, then one post a second and channel', async () => {
  await start();
  for (let n = 0; n < 3; n += 1) await post();
  expect(await limited(post())).toBe(1);
  expect(simulator.calls.at(-1)?.outcome).toBe('ratelimited');
  await post(PAYMENTS);
  clock += 1000;
  await post();
  expect(await limited(post())).toBe(1);
  expect(simulator.workspace.messages(ALERTS)).toHaveLength(4);
});

it('answers 429 exactly as Slack does', async () => {
  await start({ postBurst: 1, postsPerSecond: 0.1 });
  await post();
  const answer = await fetch(`${simulator.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${simulator.botToken}` },
    body: new URLSearchParams({ channel: ALERTS, text: 'x' }),
  });
  expect(answer.status).toBe(429);
  expect(answer.headers.get('retry-after')).toBe('10');
  expect(await answer.json()).toEqual({ ok: false, error: 'ratelimited' });
});

it('keeps the whole workspace to some hundred posts a minute, whatever the channels', () => {
  let now = 0;
  const pace = new Pace({}, () => now);
  for (let n = 0; n < 300; n += 1) {
    expect(pace.take('chat.postMessage', `C${n}`)).toBeUndefined();
    now += 100;
  }
  expect(pace.take('chat.postMessage', 'C300')).toBe(30);
  now += 30_000;
  expect(pace.take('chat.postMessage', 'C300')).toBeUndefined();
});

it('lets 50 edits a minute through, whatever the channel', async () => {
  await start();
  const { ts = '' } = await post();
  const edit = () => client().chat.update({ channel: ALERTS, ts, text: 'y' });
  for (let n = 0; n < 50; n += 1) {
    await edit();
    clock += 100;
  }
  expect(await limited(edit())).toBe(55);
  clock += 55_000;
  await edit();
  expect(await limited(edit())).toBe(1);
});

it.each(['conversations.history', 'conversations.info'] as const)(
  'keeps %s to 50 a minute of its own',
  async (method) => {
    await start();
    await client().conversations.join({ channel: ALERTS });
    for (let n = 0; n < 50; n += 1) await client().apiCall(method, { channel: ALERTS });
    expect(await limited(client().apiCall(method, { channel: ALERTS }))).toBe(60);
  },
);

it('can be switched off', async () => {
  await start({ pace: 'off' });
  for (let n = 0; n < 60; n += 1) await post();
  expect(simulator.workspace.messages(ALERTS)).toHaveLength(60);
});
