import { ALERTS, ARCHIVED, clientOf, PAYMENTS, refusal, refusalCode, SECRET } from '../spec-support.js';
import { startSimulator, type Simulator } from '../simulator.js';

let simulator: Simulator;
const client = () => clientOf(simulator);

beforeEach(async () => {
  simulator = await startSimulator({ pace: 'off' });
});
afterEach(() => simulator.close());

const post = async (text: string, thread_ts?: string, reply_broadcast = false): Promise<string> => {
  const metadata = { event_type: 'test', event_payload: { text } };
  const { ts = '' } = await client().chat.postMessage(
    thread_ts === undefined
      ? { channel: ALERTS, text, metadata }
      : { channel: ALERTS, text, metadata, thread_ts, reply_broadcast },
  );
  return ts;
};
const history = async (options: Record<string, unknown> = {}): Promise<(string | undefined)[]> => {
  const { messages = [] } = await client().conversations.history({ channel: ALERTS, ...options });
  return messages.map((message) => message.text);
};

const pages = async (method: string, args: Record<string, unknown>): Promise<unknown[]> => {
  const seen: unknown[] = [];
  for await (const page of client().paginate(method, args)) {
    const { messages = [] } = page as { messages?: { text?: string }[] };
    seen.push(messages.map((message) => message.text));
  }
  return seen;
};

describe('conversations.history', () => {
  beforeEach(() => client().conversations.join({ channel: ALERTS }));

  it('shows roots and broadcast replies, newest first', async () => {
    const root = await post('root');
    await post('quiet', root);
    await post('loud', root, true);
    await post('other');
    expect(await history()).toEqual(['other', 'loud', 'root']);
    const { messages } = await client().conversations.history({ channel: ALERTS });
    expect(messages?.[2]).toMatchObject({ reply_count: 2, thread_ts: root, reply_users: ['U0THREADER'] });
    expect(messages?.[1]).toMatchObject({ subtype: 'thread_broadcast', thread_ts: root, root: { ts: root } });
  });

  it('leaves the bounds out unless it is told inclusive', async () => {
    const [one, , three] = [await post('1'), await post('2'), await post('3')];
    const range = { oldest: one, latest: three };
    expect(await history(range)).toEqual(['2']);
    expect(await history({ ...range, inclusive: true })).toEqual(['3', '2', '1']);
    expect(await history({ oldest: one })).toEqual(['3', '2']);
    expect(await history({ oldest: '1' })).toHaveLength(3);
    expect(await refusalCode(history({ oldest: 'soon' }))).toBe('invalid_ts_oldest');
    expect(await refusalCode(history({ latest: 'soon' }))).toBe('invalid_ts_latest');
  });

  it('pages with a cursor', async () => {
    for (const text of ['1', '2', '3', '4', '5']) await post(text);
    expect(await pages('conversations.history', { channel: ALERTS, limit: 2 })).toEqual([
      ['5', '4'],
      ['3', '2'],
      ['1'],
    ]);
    expect(await refusalCode(history({ cursor: 'nonsense' }))).toBe('invalid_cursor');
    expect(await refusalCode(history({ limit: 0 }))).toBe('invalid_limit');
  });

  it('gives metadata only when it is asked for', async () => {
    await post('one');
    const messages = async (include_all_metadata: boolean) =>
      (await client().conversations.history({ channel: ALERTS, include_all_metadata })).messages;
    expect((await messages(false))?.[0]).not.toHaveProperty('metadata');
    expect((await messages(true))?.[0]).toMatchObject({
      metadata: { event_type: 'test', event_payload: { text: 'one' } },
    });
  });

  it('shows a tombstone for a deleted root with replies', async () => {
    const root = await post('root');
    await post('reply', root);
    simulator.workspace.deleteMessage(ALERTS, root);
    const { messages } = await client().conversations.history({ channel: ALERTS });
    expect(messages).toMatchObject([{ subtype: 'tombstone', user: 'USLACKBOT', hidden: true, reply_count: 1 }]);
  });
});

it('cannot read where the bot is not in', async () => {
  const ts = await post('root');
  expect(await refusalCode(history())).toBe('not_in_channel');
  expect(await refusalCode(client().conversations.replies({ channel: ALERTS, ts }))).toBe('not_in_channel');
  expect(await refusalCode(client().conversations.history({ channel: SECRET }))).toBe('channel_not_found');
});

describe('conversations.replies', () => {
  beforeEach(() => client().conversations.join({ channel: ALERTS }));

  it('shows the parent first, then the replies, oldest first', async () => {
    const root = await post('root');
    const reply = await post('one', root);
    await post('two', root);
    const texts = async (ts: string, options = {}) =>
      (await client().conversations.replies({ channel: ALERTS, ts, ...options })).messages?.map(({ text }) => text);
    expect(await texts(root)).toEqual(['root', 'one', 'two']);
    expect(await texts(reply)).toEqual(['root', 'one', 'two']);
    expect(await texts(root, { oldest: reply })).toEqual(['root', 'two']);
    expect(await texts(await post('alone'))).toEqual(['alone']);
    expect(await refusalCode(texts('1700000000.000100'))).toBe('thread_not_found');
  });

  it('repeats the parent on every page', async () => {
    const root = await post('root');
    for (const text of ['1', '2', '3']) await post(text, root);
    expect(await pages('conversations.replies', { channel: ALERTS, ts: root, limit: 2 })).toEqual([
      ['root', '1', '2'],
      ['root', '3'],
    ]);
  });

  it('still shows the replies of a tombstone', async () => {
    const root = await post('root');
    await post('reply', root);
    simulator.workspace.deleteMessage(ALERTS, root);
    const { messages } = await client().conversations.replies({ channel: ALERTS, ts: root });
    expect(messages).toMatchObject([{ subtype: 'tombstone' }, { text: 'reply', thread_ts: root }]);
  });
});

describe('conversations.info, list and join', () => {
  it('describes a channel', async () => {
    const info = async (channel: string) => (await client().conversations.info({ channel })).channel;
    expect(await info(ALERTS)).toMatchObject({ id: ALERTS, name: 'alerts', is_member: false, is_archived: false });
    expect(await info(ARCHIVED)).toMatchObject({ is_archived: true });
    expect(await refusalCode(info(SECRET))).toBe('channel_not_found');
  });

  it('joins public channels only', async () => {
    const join = (channel: string) => client().conversations.join({ channel });
    expect((await join(ALERTS)).channel).toMatchObject({ is_member: true });
    expect(await join(ALERTS)).toMatchObject({ warning: 'already_in_channel' });
    expect(await refusalCode(join(SECRET))).toBe('channel_not_found');
    expect(await refusalCode(join(ARCHIVED))).toBe('is_archived');
  });

  it('lists what the bot can see', async () => {
    const list = async (options = {}) =>
      (await client().conversations.list(options)).channels?.map((channel) => channel.id);
    expect(await list()).toEqual([ALERTS, PAYMENTS, ARCHIVED]);
    expect(await list({ exclude_archived: true })).toEqual([ALERTS, PAYMENTS]);
    expect(await list({ types: 'private_channel' })).toEqual([]);
    simulator.workspace.join(simulator.workspace.channel(SECRET));
    expect(await list({ types: 'private_channel' })).toEqual([SECRET]);
    const first = await client().conversations.list({ limit: 2 });
    expect(await list({ limit: 2, cursor: first.response_metadata?.next_cursor })).toEqual([ARCHIVED]);
    expect(await refusalCode(list({ types: 'rooms' }))).toBe('invalid_types');
  });
});

describe('reactions, users and auth', () => {
  it('adds, shows and removes reactions', async () => {
    await client().conversations.join({ channel: ALERTS });
    const timestamp = await post('root');
    const reaction = { channel: ALERTS, timestamp, name: 'eyes' };
    await client().reactions.add(reaction);
    expect(await refusalCode(client().reactions.add(reaction))).toBe('already_reacted');
    for (const message of simulator.workspace.messages(ALERTS))
      simulator.workspace.react(message, 'eyes', 'U0JIHYE001');
    expect((await client().reactions.get({ channel: ALERTS, timestamp })).message).toMatchObject({
      reactions: [{ name: 'eyes', count: 2, users: ['U0THREADER', 'U0JIHYE001'] }],
    });
    await client().reactions.remove(reaction);
    expect(await refusalCode(client().reactions.remove(reaction))).toBe('no_reaction');
    expect(await refusalCode(client().reactions.add({ ...reaction, name: 'no such' }))).toBe('invalid_name');
    expect(await refusalCode(client().reactions.add({ ...reaction, timestamp: '1.1' }))).toBe('message_not_found');
    expect(await refusalCode(client().reactions.remove({ name: 'eyes' } as never))).toBe('no_item_specified');
  });

  it('knows its users', async () => {
    expect((await client().users.info({ user: 'U0JIHYE001' })).user).toMatchObject({ name: 'jihye', is_bot: false });
    expect(await refusalCode(client().users.info({ user: 'U0NOBODY' }))).toBe('user_not_found');
  });

  it('says who the token is', async () => {
    expect(await client().auth.test()).toMatchObject({
      user_id: 'U0THREADER',
      bot_id: 'B0THREADER',
      url: simulator.url,
      response_metadata: { scopes: expect.arrayContaining(['chat:write']) },
    });
    expect(await refusalCode(clientOf(simulator, { token: 'xoxb-wrong' }).auth.test())).toBe('invalid_auth');
    expect(await refusalCode(clientOf(simulator, { token: '' }).auth.test())).toBe('not_authed');
  });

  it('takes JSON bodies and tokens in the body too', async () => {
    const json = await fetch(`${simulator.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${simulator.botToken}` },
      body: JSON.stringify({ channel: ALERTS, text: 'x', blocks: [{ type: 'divider' }] }),
    });
    expect(await json.json()).toMatchObject({ ok: true, message: { blocks: [{ type: 'divider' }] } });
    const form = await fetch(`${simulator.apiUrl}auth.test`, {
      method: 'POST',
      body: new URLSearchParams({ token: simulator.botToken }),
    });
    expect(await form.json()).toMatchObject({ ok: true });
    expect(simulator.calls.at(-1)?.args).toEqual({});
  });
});

it('refuses methods that it does not know', async () => {
  expect(await refusal(client().apiCall('files.upload', {}))).toMatchObject({
    error: 'unknown_method',
    req_method: 'files.upload',
  });
});
