import { ErrorCode } from '@slack/web-api';
import { ALERTS, clientOf, failure, PAYMENTS, refusalCode } from '../spec-support.js';
import { startSimulator, type Simulator } from '../simulator.js';

let simulator: Simulator;
const client = (timeout = 5000) => clientOf(simulator, { timeout });
const post = (channel = ALERTS, timeout?: number) => client(timeout).chat.postMessage({ channel, text: 'x' });
const posted = () => simulator.workspace.messages(ALERTS).length;

beforeEach(async () => {
  simulator = await startSimulator({ pace: 'off' });
});
afterEach(() => simulator.close());

describe('which calls a fault meets', () => {
  it('meets as many as it is told, of its method and channel, and counts them', async () => {
    const fault = simulator.faults.add({
      kind: 'error',
      code: 'service_unavailable',
      method: /^chat\./,
      channel: ALERTS,
      times: 2,
    });
    await client().auth.test();
    await post(PAYMENTS);
    expect(await refusalCode(post())).toBe('service_unavailable');
    expect(await refusalCode(post())).toBe('service_unavailable');
    await post();
    expect(fault.hits).toBe(2);
    expect(simulator.calls.map(({ outcome, fault: kind }) => [outcome, kind])).toEqual([
      ['ok', undefined],
      ['ok', undefined],
      ['service_unavailable', 'error'],
      ['service_unavailable', 'error'],
      ['ok', undefined],
    ]);
  });

  it('meets what its function picks, until it is removed', async () => {
    const fault = simulator.faults.add({
      kind: 'error',
      code: 'fatal_error',
      times: Infinity,
      match: (call) => call.args.text === 'x',
    });
    await client().chat.postMessage({ channel: ALERTS, text: 'y' });
    for (let n = 0; n < 3; n += 1) expect(await refusalCode(post())).toBe('fatal_error');
    await fault.remove();
    await post();
  });

  it('is gone after clear', async () => {
    simulator.faults.add({ kind: 'hang', times: Infinity });
    simulator.faults.add({ kind: 'not-member', channel: ALERTS });
    await simulator.faults.clear();
    await post();
  });
});

describe('what the caller sees, and whether the message is there', () => {
  it('rate-limit', async () => {
    simulator.faults.add({ kind: 'rate-limit', retryAfter: 7 });
    expect(await failure(post())).toMatchObject({ code: ErrorCode.RateLimitedError, retryAfter: 7 });
    simulator.faults.add({ kind: 'rate-limit', retryAfter: null });
    expect((await failure(post())).message).toMatch(/Retry-After|retry header/i);
    expect(posted()).toBe(0);
  });

  it('http', async () => {
    simulator.faults.add({ kind: 'http', status: 503 });
    expect(await failure(post())).toMatchObject({ code: ErrorCode.HTTPError, statusCode: 503 });
    expect(posted()).toBe(0);
    simulator.faults.add({ kind: 'http', status: 500, accept: true });
    await failure(post());
    expect(posted()).toBe(1);
    expect(simulator.calls.map((call) => call.outcome)).toEqual(['http_503', 'http_500']);
  });

  it('refused, until it is removed', async () => {
    await post();
    const fault = simulator.faults.add({ kind: 'refused' });
    expect(JSON.stringify(causes(await failure(post())))).toContain('ECONNREFUSED');
    expect(simulator.calls).toHaveLength(1);
    await fault.remove();
    await post();
    expect(posted()).toBe(2);
  });

  it('refused, for a time', async () => {
    simulator.faults.add({ kind: 'refused', forMs: 50 });
    await failure(post());
    await simulator.waitFor(() => simulator.faults.list().length === 0);
    await simulator.faults.clear();
    await post();
  });

  it('refused cuts the calls that are under way', async () => {
    simulator.faults.add({ kind: 'hang' });
    const hanging = failure(post());
    await simulator.waitFor(() => simulator.calls.length === 1);
    simulator.faults.add({ kind: 'refused' });
    expect(await hanging).toMatchObject({ code: ErrorCode.RequestError });
  });

  it('reset-before and reset-after', async () => {
    simulator.faults.add({ kind: 'reset-before' });
    expect(JSON.stringify(causes(await failure(post())))).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect(posted()).toBe(0);
    simulator.faults.add({ kind: 'reset-after' });
    expect(await failure(post())).toMatchObject({ code: ErrorCode.RequestError });
    expect(posted()).toBe(1);
    expect(simulator.calls[1]).toMatchObject({ outcome: 'reset', ts: simulator.workspace.messages(ALERTS)[0]?.ts });
  });

  it('late-accept: the caller gives up, then the message is there', async () => {
    simulator.faults.add({ kind: 'late-accept', delayMs: 150 });
    await failure(post(ALERTS, 50));
    expect(posted()).toBe(0);
    await simulator.waitFor(() => posted() === 1);
    simulator.faults.add({ kind: 'late-accept', delayMs: 50, answer: 'reset' });
    await failure(post());
    expect(posted()).toBe(1);
    await simulator.waitFor(() => posted() === 2);
  });

  it('hang', async () => {
    simulator.faults.add({ kind: 'hang' });
    await failure(post(ALERTS, 50));
    expect(posted()).toBe(0);
    expect(simulator.calls[0]?.outcome).toBe('hang');
  });

  it.each(['before', 'after'] as const)('slow, with the effect %s the wait', async (accept) => {
    simulator.faults.add({ kind: 'slow', delayMs: 80, accept });
    const answer = post();
    await simulator.waitFor(() => simulator.calls.length === 1);
    expect(posted()).toBe(accept === 'before' ? 1 : 0);
    await expect(answer).resolves.toMatchObject({ ok: true });
    expect(posted()).toBe(1);
  });

  it('html with status 200', async () => {
    simulator.faults.add({ kind: 'html' });
    const error = await failure(post());
    expect(error.code).toBe(ErrorCode.PlatformError);
    expect(JSON.stringify(error.data)).toContain('<!doctype html>');
    expect(posted()).toBe(0);
  });

  it.each([true, false])('broken-body, accepted: %s', async (accept) => {
    simulator.faults.add({ kind: 'broken-body', accept });
    await failure(post());
    expect(posted()).toBe(accept ? 1 : 0);
    expect(simulator.calls[0]?.outcome).toBe('broken_body');
  });

  it('stalled-body', async () => {
    simulator.faults.add({ kind: 'stalled-body' });
    await failure(post(ALERTS, 100));
    expect(posted()).toBe(1);
  });
});

describe('faults of the state', () => {
  it('history-lag hides young messages from history and replies', async () => {
    await client().conversations.join({ channel: ALERTS });
    const { ts = '' } = await post();
    const fault = simulator.faults.add({ kind: 'history-lag', seconds: 60 });
    const messages = async () => (await client().conversations.history({ channel: ALERTS })).messages;
    expect(await messages()).toEqual([]);
    expect(await refusalCode(client().conversations.replies({ channel: ALERTS, ts }))).toBe('thread_not_found');
    await fault.remove();
    expect(await messages()).toHaveLength(1);
  });

  it('not-member throws the bot out, and join brings it back only when it may', async () => {
    await client().conversations.join({ channel: ALERTS });
    const fault = simulator.faults.add({ kind: 'not-member', channel: ALERTS });
    const read = () => client().conversations.history({ channel: ALERTS });
    const join = () => client().conversations.join({ channel: ALERTS });
    expect(await refusalCode(read())).toBe('not_in_channel');
    expect(await refusalCode(join())).toBe('method_not_supported_for_channel_type');
    await fault.remove();
    await read();
    simulator.faults.add({ kind: 'not-member', channel: ALERTS, mayJoin: true });
    expect(await refusalCode(read())).toBe('not_in_channel');
    await join();
    await read();
  });
});

it('closes while calls hang and late ones wait, and those never happen', async () => {
  simulator.faults.add({ kind: 'hang' });
  simulator.faults.add({ kind: 'late-accept', delayMs: 60_000 });
  const calls = [failure(post()), failure(post())];
  await simulator.waitFor(() => simulator.calls.length === 2);
  await simulator.close();
  await Promise.all(calls);
  expect(posted()).toBe(0);
});

function causes(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const inner = (error as { original?: unknown }).original;
  return [`${(error as { code?: string }).code ?? ''} ${error.message}`, ...causes(error.cause), ...causes(inner)];
}
