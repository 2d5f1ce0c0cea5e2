import { ALERTS, ALICE, clientOf, connectSocket, postAlert } from '../spec-support.js';
import { startSimulator, type Simulator } from '../simulator.js';
import type { Message } from '../workspace/message.js';

let simulator: Simulator;
let message: Message;

beforeEach(async () => {
  simulator = await startSimulator({ pace: 'off' });
  await clientOf(simulator).conversations.join({ channel: ALERTS });
  await connectSocket(simulator, async ({ ack, body }) => {
    if (body.type === 'block_actions' && body.message) {
      await clientOf(simulator).views.open({ trigger_id: body.trigger_id, view: MODAL });
    }
    if (body.type === 'view_submission' && body.view.state.values.why.text.value === 'vague') {
      await ack({ response_action: 'errors', errors: { why: 'too vague' } });
    } else await ack();
  });
  message = await postAlert(simulator);
});
afterEach(() => simulator.close());

const MODAL = {
  type: 'modal' as const,
  title: { type: 'plain_text' as const, text: 'Why' },
  submit: { type: 'plain_text' as const, text: 'Send' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'why',
      label: { type: 'plain_text' as const, text: 'Why' },
      element: { type: 'plain_text_input' as const, action_id: 'text' },
    },
    {
      type: 'actions' as const,
      elements: [{ type: 'button' as const, action_id: 'help', text: { type: 'plain_text' as const, text: 'Help' } }],
    },
  ],
};

const control = async (path: string, body?: unknown): Promise<Record<string, unknown>> => {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(`${simulator.url}control/${path}`, init);
  return { status: answer.status, ...((await answer.json()) as object) };
};
const alice = (path: string, body?: unknown) => control(`people/${ALICE}/${path}`, body);
const there = () => ({ channel: ALERTS, ts: message.ts });

it('lists people and sockets', async () => {
  expect(await control('people')).toMatchObject({
    people: expect.arrayContaining([expect.objectContaining({ id: ALICE, name: 'alice', realName: 'Alice' })]),
  });
  await alice('click', { ...there(), action_id: 'incident_ack' });
  expect(await control('sockets')).toMatchObject({
    opened: 1,
    connections: [{ id: 1, state: 'open', disconnectReason: null }],
    envelopes: [{ type: 'interactive', state: 'acknowledged', payload: { type: 'block_actions' } }],
  });
});

it('clicks, fills a view with errors and without, and closes it', async () => {
  expect(await alice('click', { ...there(), action_id: 'incident_ack' })).toMatchObject({
    ok: true,
    told: true,
    acknowledged: true,
    reason: 'acknowledged',
    envelopeId: expect.any(String),
  });
  const [view] = simulator.person(ALICE).views;
  if (!view) throw new Error('no view is open');
  expect(await alice('views')).toMatchObject({ views: [{ id: view.id, errors: {}, notice: null }], home: null });
  expect(await alice(`views/${view.id}/click`, { action_id: 'help' })).toMatchObject({ acknowledged: true });
  const submit = (text: string) => alice(`views/${view.id}/submit`, { values: { why: { text } } });
  expect(await submit('')).toMatchObject({ status: 400, error: 'the block why must be filled in' });
  expect(await submit('vague')).toMatchObject({ acknowledged: true });
  expect(await alice('views')).toMatchObject({ views: [{ errors: { why: 'too vague' } }] });
  await submit('a disk');
  expect(await alice('views')).toMatchObject({ views: [] });
  await alice('click', { ...there(), action_id: 'incident_silence', option: '2h' });
  const [second] = simulator.person(ALICE).views;
  expect(await alice(`views/${second?.id ?? ''}/close`, {})).toMatchObject({ ok: true, told: false });
  expect(await alice(`views/${second?.id ?? ''}/close`, {})).toMatchObject({ status: 400 });
});

it('reacts, opens the home tab and shows ephemeral messages', async () => {
  expect(await alice('react', { ...there(), name: 'eyes' })).toMatchObject({ acknowledged: true });
  expect(message.reactions).toEqual([{ name: 'eyes', users: [ALICE] }]);
  expect(await alice('unreact', { ...there(), name: 'eyes' })).toMatchObject({ acknowledged: true });
  expect(await alice('home', {})).toMatchObject({ acknowledged: true });
  await clientOf(simulator).chat.postEphemeral({ channel: ALERTS, user: ALICE, text: 'psst' });
  expect(await alice('ephemerals')).toMatchObject({ ephemerals: [{ text: 'psst', channel: ALERTS }] });
});

it('disconnects and drops sockets', async () => {
  expect(await control('sockets/disconnect', { reason: 'nap' })).toMatchObject({ status: 400 });
  await control('sockets/disconnect', { reason: 'refresh_requested', closeAfterMs: 1 });
  await simulator.waitFor(() => simulator.sockets.connections.length === 0);
  await connectSocket(simulator);
  await control('sockets/drop', {});
  await simulator.waitFor(() => simulator.sockets.connections.length === 0);
});

it.each([
  ['people/U0NOBODY', undefined, 404],
  [`people/${ALICE}/nothing`, undefined, 404],
  [`people/${ALICE}/dance`, {}, 404],
  [`people/${ALICE}/views/V1/dance`, {}, 404],
  [`people/${ALICE}/click`, {}, 400],
  [`people/${ALICE}/views/V1/submit`, {}, 400],
])('refuses %s', async (path, body, status) => {
  expect(await control(path, body)).toMatchObject({ status, ok: false });
});
