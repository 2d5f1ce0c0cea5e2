import { ALERTS, clientOf } from './spec-support.js';
import { startSimulator, type Simulator } from './simulator.js';

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.close());

it('resolves a wait as soon as the workspace shows it', async () => {
  const waiting = simulator.waitFor(() => simulator.workspace.messages(ALERTS).find(({ text }) => text === 'second'));
  await clientOf(simulator).chat.postMessage({ channel: ALERTS, text: 'first' });
  await clientOf(simulator).chat.postMessage({ channel: ALERTS, text: 'second' });
  await expect(waiting).resolves.toMatchObject({ text: 'second' });
});

it('says what it waited for, and shows the channel and the last calls', async () => {
  const client = clientOf(simulator);
  const { ts = '' } = await client.chat.postMessage({ channel: ALERTS, text: 'the root' });
  await client.chat.postMessage({ channel: ALERTS, text: 'the reply', thread_ts: ts });
  await client.chat.update({ channel: ALERTS, ts, text: 'the root, resolved' });
  const waiting = simulator.waitFor(() => false, { timeoutMs: 30, what: 'a second root' });
  await expect(waiting).rejects.toThrow(
    new RegExp(
      'waited 30 ms for a second root\\n#alerts [^]*the root, resolved \\[edited 1×\\][^]*↳ [^]*the reply[^]*chat.update',
    ),
  );
});

it('asks a probe again that throws, and keeps its last error', async () => {
  let asked = 0;
  const value = await simulator.waitFor(() => {
    asked += 1;
    if (asked < 2) throw new Error('not yet');
    return 'there';
  });
  expect(value).toBe('there');
  const waiting = simulator.waitFor(
    () => {
      throw new Error('the reason');
    },
    { timeoutMs: 30 },
  );
  await expect(waiting).rejects.toMatchObject({ cause: expect.objectContaining({ message: 'the reason' }) });
});

it('tells listeners of every change until they leave', async () => {
  const seen: string[] = [];
  const leave = simulator.workspace.onChange((change) => seen.push(change.kind));
  const client = clientOf(simulator);
  const { ts = '' } = await client.chat.postMessage({ channel: ALERTS, text: 'x' });
  await client.chat.update({ channel: ALERTS, ts, text: 'y' });
  simulator.addChannel({ id: 'C0ANOTHER1', name: 'another' });
  leave();
  simulator.workspace.deleteMessage(ALERTS, ts);
  expect(seen).toEqual(['posted', 'edited', 'channel']);
});

it('refuses a port that is taken', async () => {
  await expect(startSimulator({ port: simulator.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
