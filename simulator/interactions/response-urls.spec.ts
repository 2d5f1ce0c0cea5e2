import { ALERT_MESSAGE, ALERTS, ALICE, BOB, clientOf, connectSocket, postAlert } from '../spec-support.js';
import { startSimulator, type Simulator } from '../simulator.js';
import type { Message } from '../workspace/message.js';

let simulator: Simulator;
let clock: number;
let root: Message;
let responseUrl: string;

beforeEach(async () => {
  clock = 0;
  simulator = await startSimulator({ pace: 'off', now: () => Date.now() + clock });
  await connectSocket(simulator, (envelope) => {
    responseUrl = envelope.body.response_url;
    return envelope.ack();
  });
  root = await postAlert(simulator);
  await simulator.person(ALICE).clicks(root, 'incident_ack');
});
afterEach(() => simulator.close());

const respond = async (body: object): Promise<Record<string, unknown>> => {
  const answer = await fetch(responseUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, ...((await answer.json()) as object) };
};
const OK = { status: 200, ok: true };

it('answers the person alone', async () => {
  expect(await respond({ response_type: 'ephemeral', replace_original: false, text: 'psst' })).toEqual(OK);
  expect(simulator.person(ALICE).ephemeralsIn(ALERTS)).toMatchObject([{ text: 'psst', user: ALICE }]);
  expect(simulator.person(BOB).ephemerals).toEqual([]);
  expect(simulator.calls.at(-1)).toMatchObject({ method: 'response_url', outcome: 'ok', unknownArguments: [] });
});

it('answers everybody, and in a thread', async () => {
  await respond({ response_type: 'in_channel', text: 'for all', thread_ts: root.ts });
  expect(simulator.workspace.replies(ALERTS, root.ts)).toMatchObject([{ text: 'for all', bot_id: 'B0THREADER' }]);
});

it('replaces and deletes the message that was clicked', async () => {
  expect(await respond({ replace_original: true, text: 'acked' })).toEqual(OK);
  expect(root).toMatchObject({ text: 'acked', attachments: [], edits: 1 });
  expect(await respond({ text: 'again' })).toEqual(OK);
  expect(root.text).toBe('again');
  expect(await respond({ delete_original: true })).toEqual(OK);
  expect(simulator.workspace.messages(ALERTS)).toEqual([]);
  expect(await respond({ replace_original: true, text: 'x' })).toEqual({
    status: 400,
    ok: false,
    error: 'message_not_found',
  });
});

it('replaces and deletes an ephemeral message', async () => {
  await clientOf(simulator).conversations.join({ channel: ALERTS });
  const { text, attachments } = ALERT_MESSAGE;
  await clientOf(simulator).chat.postEphemeral({ channel: ALERTS, user: ALICE, text, attachments });
  const [message] = simulator.person(ALICE).ephemerals;
  if (!message) throw new Error('she sees nothing');
  await simulator.person(ALICE).clicks(message, 'incident_ack');
  await respond({ replace_original: true, text: 'changed' });
  expect(simulator.person(ALICE).ephemerals).toMatchObject([{ text: 'changed', ts: message.ts, attachments: [] }]);
  await respond({ delete_original: true });
  expect(simulator.person(ALICE).ephemerals).toEqual([]);
});

it('works 5 times', async () => {
  for (let n = 0; n < 5; n += 1) expect(await respond({ replace_original: false, text: String(n) })).toEqual(OK);
  expect(await respond({ text: 'x' })).toEqual({ status: 404, ok: false, error: 'used_url' });
  expect(simulator.person(ALICE).ephemerals).toHaveLength(5);
});

it('works for 30 minutes', async () => {
  clock = 30 * 60_000 + 1000;
  expect(await respond({ text: 'x' })).toEqual({ status: 404, ok: false, error: 'expired_url' });
});

it('is as strict as chat.postMessage, and not to be guessed', async () => {
  expect(await respond({ replace_original: false })).toMatchObject({ status: 400, error: 'no_text' });
  expect(await respond({ blocks: [{ type: 'marquee' }] })).toMatchObject({ status: 400, error: 'invalid_blocks' });
  responseUrl = `${simulator.url}actions/T0SIMULATE/1/2`;
  expect(await respond({ text: 'x' })).toMatchObject({ status: 404, error: 'expired_url' });
  await expect(clientOf(simulator).apiCall('response_url', { text: 'x' })).rejects.toMatchObject({
    data: { error: 'unknown_method' },
  });
});

it('meets faults as calls do', async () => {
  simulator.faults.add({ kind: 'http', status: 503, method: 'response_url' });
  expect((await fetch(responseUrl, { method: 'POST', body: '{}' })).status).toBe(503);
});
