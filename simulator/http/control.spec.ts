import { ALERTS, clientOf, failure, refusalCode } from '../spec-support.js';
import { startSimulator, type Simulator } from '../simulator.js';

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({ pace: 'off' });
});
afterEach(() => simulator.close());

const post = () => clientOf(simulator).chat.postMessage({ channel: ALERTS, text: 'x' });
const control = async (
  path: string,
  method = 'GET',
  body?: unknown,
  headers = {},
): Promise<Record<string, unknown>> => {
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const answer = await fetch(`${simulator.url}control/${path}`, init);
  return { status: answer.status, ...((await answer.json()) as object) };
};

it('adds, lists and clears faults', async () => {
  const fault = { kind: 'error', code: 'is_archived', times: 'always' };
  expect(await control('faults', 'POST', fault)).toMatchObject({ status: 200, ok: true });
  expect(await refusalCode(post())).toBe('is_archived');
  expect(await refusalCode(post())).toBe('is_archived');
  expect(await control('faults')).toMatchObject({ faults: [{ fault: { kind: 'error' }, hits: 2 }] });
  await control('faults', 'DELETE');
  await post();
});

it('closes the port only after it has answered, and for a time', async () => {
  expect(await control('faults', 'POST', { kind: 'refused', forMs: 100 })).toMatchObject({ ok: true });
  await simulator.waitFor(() => simulator.faults.list().length === 1);
  await failure(post());
  await simulator.waitFor(() => simulator.faults.list().length === 0);
  await simulator.faults.clear();
  await post();
});

it.each([
  [{ kind: 'flood' }, 'kind must be one of'],
  [{ kind: 'slow' }, 'slow needs a number: delayMs'],
  [{ kind: 'error' }, 'error needs a text: code'],
  ['x', 'the body must be a JSON object'],
])('refuses %j', async (body, error) => {
  expect(await control('faults', 'POST', body)).toMatchObject({ status: 400, error: expect.stringContaining(error) });
});

it('shows messages and calls', async () => {
  const { ts } = await post();
  expect(await control(`messages?channel=${ALERTS}`)).toMatchObject({ messages: [{ ts, text: 'x' }] });
  expect(await control('messages')).toMatchObject({ status: 404, error: expect.stringContaining(ALERTS) });
  expect(await control('calls')).toMatchObject({ calls: [{ method: 'chat.postMessage', outcome: 'ok', ts }] });
});

it('refuses calls that a page elsewhere makes', async () => {
  const origin = { origin: 'https://elsewhere.example' };
  expect(await control('faults', 'DELETE', undefined, origin)).toMatchObject({ status: 403 });
  expect(await control('nothing')).toMatchObject({ status: 404 });
});
