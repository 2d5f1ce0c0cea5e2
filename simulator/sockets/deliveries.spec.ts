import { ALICE, connectSocket, postAlert, type Received } from '../spec-support.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../simulator.js';

let simulator: Simulator;
let clock = 0;
const start = async (sockets: SimulatorOptions['sockets'] = {}) => {
  simulator = await startSimulator({ pace: 'off', now: () => Date.now() + clock, sockets });
};
afterEach(async () => {
  clock = 0;
  await simulator.close();
});

const event = () => simulator.sockets.send('events_api', { event: { type: 'made_up' }, event_id: 'Ev1' });

it('writes down who acknowledged what and when', async () => {
  await start();
  const received: Received[] = [];
  await connectSocket(simulator, (envelope) => {
    received.push(envelope);
    return envelope.ack({ text: 'thanks' });
  });
  const { envelope, ended } = simulator.sockets.send(
    'slash_commands',
    { command: '/x' },
    { accepts_response_payload: true },
  );
  expect(await ended).toMatchObject({
    acknowledged: true,
    reason: 'acknowledged',
    payload: { text: 'thanks' },
    envelopeId: envelope.id,
    afterMs: expect.any(Number),
  });
  expect(received).toMatchObject([
    { envelope_id: envelope.id, body: { command: '/x' }, accepts_response_payload: true },
  ]);
  expect(simulator.sockets.envelopes).toEqual([envelope]);
  expect(envelope).toMatchObject({
    type: 'slash_commands',
    state: 'acknowledged',
    deliveredAt: expect.any(Number),
    acknowledgedAt: expect.any(Number),
    attempts: [{ retry: 0, connections: [1], end: 'acknowledged' }],
  });
});

it('gives an envelope to one connection at random', async () => {
  const picks = [0, 0.5, 0.99, 0];
  await start({ random: () => picks.shift() ?? 0 });
  const got: number[] = [];
  for (const number of [1, 2, 3]) {
    await connectSocket(simulator, (envelope) => {
      got.push(number);
      return envelope.ack();
    });
  }
  for (let n = 0; n < 4; n += 1) await simulator.sockets.send('made_up', {}).ended;
  expect(got).toEqual([1, 2, 3, 1]);
});

describe('an envelope that nobody acknowledges', () => {
  it('is sent again when it is an event, with a number and a reason', async () => {
    await start({ acknowledgeWithinMs: 20, retryDelaysMs: [0, 10, 20] });
    const received: Received[] = [];
    await connectSocket(simulator, (envelope) => {
      received.push(envelope);
      return envelope.retry_num === 3 ? envelope.ack() : undefined;
    });
    const { envelope, ended } = event();
    expect(await ended).toMatchObject({ acknowledged: false, reason: 'timeout' });
    await simulator.waitFor(() => envelope.state === 'acknowledged');
    expect(received.map(({ retry_num: n, retry_reason: reason }) => [n, reason])).toEqual([
      [0, ''],
      [1, 'timeout'],
      [2, 'timeout'],
      [3, 'timeout'],
    ]);
    expect(new Set(received.map(({ envelope_id: id }) => id)).size).toBe(4);
    expect(new Set(received.map(({ body }) => String(body.event_id)))).toEqual(new Set(['Ev1']));
    expect(envelope.attempts.map(({ end }) => end)).toEqual(['timeout', 'timeout', 'timeout', 'acknowledged']);
  });

  it('is given up after the third retry', async () => {
    await start({ acknowledgeWithinMs: 5, retryDelaysMs: [0, 1, 1] });
    await connectSocket(simulator, () => undefined);
    const { envelope } = event();
    await simulator.waitFor(() => envelope.state === 'unacknowledged');
    expect(envelope.attempts).toHaveLength(4);
  });

  it('is never sent again when a person did it', async () => {
    await start({ acknowledgeWithinMs: 20 });
    await connectSocket(simulator, () => undefined);
    const outcome = await simulator.person(ALICE).clicks(await postAlert(simulator), 'incident_ack');
    expect(outcome).toMatchObject({ acknowledged: false, reason: 'timeout' });
    expect(outcome.envelope).toMatchObject({ state: 'unacknowledged', attempts: [{ end: 'timeout' }] });
  });

  it('notes an acknowledgement that comes too late, and sticks to what it said', async () => {
    await start({ acknowledgeWithinMs: 10 });
    const received: Received[] = [];
    await connectSocket(simulator, (envelope) => received.push(envelope));
    const { envelope, ended } = simulator.sockets.send('interactive', {});
    await ended;
    await received[0]?.ack();
    await simulator.waitFor(() => envelope.attempts[0]?.acknowledgements.length === 1);
    expect(envelope).toMatchObject({ state: 'unacknowledged', attempts: [{ end: 'timeout' }] });
    expect(envelope.acknowledgedAt).toBeUndefined();
  });
});

describe('without a connection', () => {
  it('fails at once for a person', async () => {
    await start();
    const outcome = await simulator.person(ALICE).clicks(await postAlert(simulator), 'incident_ack');
    expect(outcome).toMatchObject({
      acknowledged: false,
      reason: 'no-connection',
      envelope: { state: 'unacknowledged' },
    });
    expect(outcome.envelope.deliveredAt).toBeUndefined();
  });

  it('keeps an event for its retries', async () => {
    await start({ retryDelaysMs: [0, 30, 60] });
    const { envelope, ended } = event();
    expect(await ended).toMatchObject({ reason: 'no-connection' });
    const received: Received[] = [];
    await connectSocket(simulator, (one) => {
      received.push(one);
      return one.ack();
    });
    await simulator.waitFor(() => envelope.state === 'acknowledged');
    expect(received).toMatchObject([{ retry_reason: 'timeout' }]);
  });
});

describe('the end of its connection', () => {
  it('loses what a person did and it had not acknowledged', async () => {
    await start();
    await connectSocket(simulator, () => undefined);
    const click = simulator.person(ALICE).clicks(await postAlert(simulator), 'incident_ack');
    simulator.sockets.drop();
    expect(await click).toMatchObject({ acknowledged: false, reason: 'connection-closed' });
    expect(simulator.sockets.connections).toEqual([]);
  });

  it('sends an event again, over another one', async () => {
    await start({ random: () => 0 });
    await connectSocket(simulator, () => undefined);
    await connectSocket(simulator);
    const { envelope, ended } = event();
    simulator.sockets.drop(simulator.sockets.connections.slice(0, 1));
    expect(await ended).toMatchObject({ reason: 'connection-closed' });
    await simulator.waitFor(() => envelope.state === 'acknowledged');
    expect(envelope.attempts).toMatchObject([{ connections: [1] }, { connections: [2] }]);
  });
});
