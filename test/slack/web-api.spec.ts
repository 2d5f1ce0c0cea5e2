import { inspect } from 'node:util';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import type { Message } from '../../simulator/workspace/message.js';
import { SystemClock } from '../../src/clock/clock.js';
import { sdkConnect } from '../../src/slack/sdk-connection.js';
import { SocketModeSlackSocket } from '../../src/slack/socket-mode-slack-socket.js';
import { SlackCallError } from '../../src/slack/slack-call-error.js';
import { WebApiSlackClient } from '../../src/slack/web-api-slack-client.js';
import { RecordingLogger } from '../support/recording-logger.js';

const CHANNEL = 'C0ALERTS01';
const metadata = { event_type: 'test', event_payload: {} };
const plain = (text: string) => ({ type: 'plain_text' as const, text });

let simulator: Simulator;
let slack: WebApiSlackClient;

beforeEach(async () => {
  simulator = await startSimulator({ pace: 'off' });
  slack = new WebApiSlackClient({ token: simulator.botToken, apiUrl: simulator.apiUrl });
  await slack.join(CHANNEL);
});

afterEach(async () => {
  await simulator.close();
});

interface Click {
  readonly trigger_id: string;
  readonly response_url: string;
}

/** A message with a button, clicked by Alice. The socket's handler gets the click while its trigger_id lives. */
const click = async (handle: (click: Click) => Promise<void>): Promise<Message> => {
  const { apiUrl, appToken } = simulator;
  const options = { clock: new SystemClock(), logger: new RecordingLogger(), random: () => 0 };
  const socket = new SocketModeSlackSocket({ connect: sdkConnect({ apiUrl, appToken }), ...options });
  let failure: unknown;
  socket.onEnvelope(async ({ payload }) => {
    await handle(payload as Click).catch((error: unknown) => {
      failure = error;
    });
    return undefined;
  });
  socket.start();
  await simulator.waitFor(() => socket.status().state === 'connected', { what: 'a connection' });
  const button = { type: 'button' as const, action_id: 'ack', text: plain('Ack') };
  const { ts } = await slack.post(CHANNEL, {
    text: 'alert',
    blocks: [{ type: 'actions', elements: [button] }],
    metadata,
  });
  expect(await simulator.person('alice').clicks({ channel: CHANNEL, ts }, 'ack')).toMatchObject({ acknowledged: true });
  await socket.stop();
  if (failure !== undefined) throw failure as Error;
  const message = simulator.workspace.message(CHANNEL, ts);
  if (message === undefined) throw new Error('the message is gone');
  return message;
};

describe('views', () => {
  it('are opened with a trigger, and changed', async () => {
    await click(async ({ trigger_id }) => {
      const id = await slack.openView(trigger_id, { type: 'modal', title: plain('One'), blocks: [] });
      await slack.updateView(id, { type: 'modal', title: plain('Two'), blocks: [] });
    });
    expect(simulator.person('alice').views).toMatchObject([{ title: { text: 'Two' } }]);
    expect(slack.calls()).toMatchObject({ 'views.open': { ok: 1 }, 'views.update': { ok: 1 } });
  });

  it('are refused with a code', async () => {
    const modal = { type: 'modal' as const, title: plain('One'), blocks: [] };
    await expect(slack.openView('1.2.abc', modal)).rejects.toMatchObject({
      name: 'SlackCallError',
      method: 'views.open',
      code: expect.stringMatching(/trigger/),
    });
    expect(slack.calls()).toMatchObject({ 'views.open': { unknown: 1 } });
  });

  it('are shown as App Home', async () => {
    const { id } = simulator.person('alice');
    await slack.publishHome(id, { type: 'home', blocks: [{ type: 'section', text: plain('Hello') }] });
    expect(simulator.person('alice').home).toMatchObject({ type: 'home' });
  });
});

describe('whisper', () => {
  const whispered = () => simulator.person('alice').ephemeralsIn(CHANNEL);

  it('goes by the response_url of a click, and leaves the message alone', async () => {
    const { id } = simulator.person('alice');
    const message = await click(({ response_url: responseUrl }) =>
      slack.whisper({ channel: CHANNEL, userId: id, text: 'no longer tracked', responseUrl }),
    );
    expect(whispered()).toMatchObject([{ text: 'no longer tracked' }]);
    expect(message).toMatchObject({ text: 'alert', deleted: false });
    expect(slack.calls()).toMatchObject({ response_url: { ok: 1 } });
    expect(slack.calls()).not.toHaveProperty('chat.postEphemeral');
  });

  it('goes by chat.postEphemeral when the response_url is used up', async () => {
    const { id } = simulator.person('alice');
    await click(async ({ response_url: responseUrl }) => {
      for (let use = 1; use <= 6; use += 1) {
        await slack.whisper({ channel: CHANNEL, userId: id, text: `${use}`, responseUrl });
      }
    });
    expect(whispered().map(({ text }) => text)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(slack.calls()).toMatchObject({ response_url: { ok: 5, unknown: 1 }, 'chat.postEphemeral': { ok: 1 } });
  });

  it.each([
    ['there is none', undefined],
    ['it leads elsewhere by http', 'http://127.0.0.1:1/actions/secret'],
    ['it is no URL', 'secret'],
    ['it is a file', 'file:///etc/passwd'],
  ])('goes by chat.postEphemeral when %s', async (_when, responseUrl) => {
    const { id } = simulator.person('alice');
    const whisper = { channel: CHANNEL, userId: id, text: 'hello' };
    await slack.whisper(responseUrl === undefined ? whisper : { ...whisper, responseUrl });
    expect(whispered()).toMatchObject([{ text: 'hello' }]);
    expect(slack.calls()).not.toHaveProperty('response_url');
  });

  it('goes by chat.postEphemeral when nobody there speaks https', async () => {
    const { id } = simulator.person('alice');
    const responseUrl = `https://127.0.0.1:${simulator.port}/actions/secret`;
    await slack.whisper({ channel: CHANNEL, userId: id, text: 'hello', responseUrl });
    expect(whispered()).toMatchObject([{ text: 'hello' }]);
    expect(slack.calls()).toHaveProperty('response_url');
  });

  it('fails without the URL', async () => {
    const url = new URL('/actions/secret', simulator.url).href;
    const failed = slack.whisper({ channel: 'C0UNKNOWN1', userId: 'U0ALICE01', text: 'hello', responseUrl: url });
    const error: unknown = await failed.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ method: 'chat.postEphemeral', code: 'channel_not_found', kind: 'channel' });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('secret');
  });
});

describe('a refused message', () => {
  it('says what Slack finds wrong with it, and prints nothing itself', async () => {
    const printed: unknown[] = [];
    const { error: print } = console;
    console.error = (...words: unknown[]) => printed.push(words);
    try {
      const fields = [{ type: 'mrkdwn' as const, text: 'x'.repeat(2_001) }];
      const blocks = [{ type: 'divider' as const }, { type: 'section' as const, fields }];
      const error: unknown = await slack
        .post(CHANNEL, { text: 'alert', blocks, metadata })
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        kind: 'payload',
        code: 'invalid_blocks',
        says: [
          expect.stringMatching(/^must be .*2001 characters.*\[json-pointer:\/blocks\/1\/fields\/0\/text\]$/) as string,
        ],
      });
    } finally {
      console.error = print;
    }
    expect(printed).toEqual([]);
  });

  it('says so in bounds', async () => {
    const hints = Array.from({ length: 50 }, (_, n) => `${String(n)} ${'🔥'.repeat(5_000)}`);
    simulator.faults.add({ method: 'chat.postMessage', kind: 'error', code: 'invalid_blocks', hints });
    const error: unknown = await slack.post(CHANNEL, { text: 'alert', metadata }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SlackCallError);
    expect(JSON.stringify((error as SlackCallError).says).length).toBeLessThan(2_500);
  });
});

describe('reactions', () => {
  it('are people by emoji', async () => {
    const { ts } = await slack.post(CHANNEL, { text: 'alert', metadata });
    expect(await slack.reactions(CHANNEL, ts)).toEqual(new Map());
    await simulator.person('alice').reacts({ channel: CHANNEL, ts }, 'eyes');
    await simulator.person('bob').reacts({ channel: CHANNEL, ts }, 'eyes');
    await simulator.person('bob').reacts({ channel: CHANNEL, ts }, 'no_bell');
    expect(await slack.reactions(CHANNEL, ts)).toEqual(
      new Map([
        ['eyes', new Set(['U0ALICE01', 'U0BOB00001'])],
        ['no_bell', new Set(['U0BOB00001'])],
      ]),
    );
    expect(simulator.calls.at(-1)).toMatchObject({ method: 'reactions.get' });
  });

  it('of a message that is gone are refused', async () => {
    await expect(slack.reactions(CHANNEL, '1.000001')).rejects.toMatchObject({
      code: 'message_not_found',
      kind: 'gone',
    });
  });
});

describe('people', () => {
  it.each([
    ['alice', { name: 'alice', isGuest: false, isStranger: false, isBot: false, isDeleted: false }],
    ['gina', { name: 'gina', isGuest: true, isStranger: false }],
    ['sam', { isGuest: true, isStranger: false }],
    ['stella', { isGuest: false, isStranger: true }],
  ])('are known: %s', async (name, expected) => {
    const { id } = simulator.person(name);
    expect(await slack.person(id)).toMatchObject({ id, ...expected });
  });

  it('are refused where Slack knows them not', async () => {
    await expect(slack.person('U0NOBODY01')).rejects.toMatchObject({ method: 'users.info', code: 'user_not_found' });
  });

  it('belong to user groups', async () => {
    expect(await slack.usergroupMembers('S0ONCALL01')).toEqual(['U0ALICE01']);
    await expect(slack.usergroupMembers('S0NOBODY')).rejects.toMatchObject({ code: 'no_such_subteam' });
  });
});
