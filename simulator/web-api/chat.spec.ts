import { ALERTS, ARCHIVED, clientOf, refusal, refusalCode, SECRET } from '../spec-support.js';
import { startSimulator, type Simulator } from '../simulator.js';

let simulator: Simulator;
const client = () => clientOf(simulator);

beforeEach(async () => {
  simulator = await startSimulator({ pace: 'off' });
});
afterEach(() => simulator.close());

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } }) as const;

describe('chat.postMessage', () => {
  it('answers with the message as Slack shows it', async () => {
    const answer = await client().chat.postMessage({
      channel: ALERTS,
      text: 'fallback',
      blocks: [section('hello')],
      attachments: [{ color: '#E01E5A', blocks: [section('red')] }],
      metadata: { event_type: 'alert_threader', event_payload: { incident_id: 'INC-1' } },
    });
    expect(answer).toMatchObject({
      ok: true,
      channel: ALERTS,
      message: {
        type: 'message',
        text: 'fallback',
        user: 'U0THREADER',
        bot_id: 'B0THREADER',
        app_id: 'A0THREADER',
        team: 'T0SIMULATE',
        bot_profile: { name: 'Alert Threader' },
        blocks: [{ type: 'section', block_id: 'b_0' }],
        attachments: [{ id: 1, color: 'E01E5A', fallback: '[no preview available]', blocks: [{ type: 'section' }] }],
        metadata: { event_type: 'alert_threader', event_payload: { incident_id: 'INC-1' } },
      },
    });
    expect(answer.ts).toMatch(/^\d{10}\.\d{6}$/);
    expect(answer.message?.ts).toBe(answer.ts);
    expect(answer.message).not.toHaveProperty('thread_ts');
    expect(simulator.workspace.messages(ALERTS)).toMatchObject([{ text: 'fallback', edits: 0, deleted: false }]);
    expect(simulator.calls).toMatchObject([
      { method: 'chat.postMessage', channel: ALERTS, outcome: 'ok', ts: answer.ts, unknownArguments: [] },
    ]);
    expect(JSON.stringify(simulator.calls)).not.toContain(simulator.botToken);
  });

  it('gives every message an id of its own, in order', async () => {
    const posts = await Promise.all(
      Array.from({ length: 20 }, (_, index) => client().chat.postMessage({ channel: ALERTS, text: String(index) })),
    );
    expect(new Set(posts.map((post) => post.ts)).size).toBe(20);
    const order = simulator.workspace.messages(ALERTS).map((message) => message.ts);
    expect(order).toEqual([...order].sort());
  });

  it('takes the name of a channel too', async () => {
    await expect(client().chat.postMessage({ channel: '#alerts', text: 'x' })).resolves.toMatchObject({
      channel: ALERTS,
    });
  });

  it('puts a reply into its thread, and into the channel when it is broadcast', async () => {
    const root = await client().chat.postMessage({ channel: ALERTS, text: 'root' });
    const quiet = await client().chat.postMessage({ channel: ALERTS, text: 'quiet', thread_ts: root.ts ?? '' });
    const loud = await client().chat.postMessage({
      channel: ALERTS,
      text: 'loud',
      thread_ts: root.ts ?? '',
      reply_broadcast: true,
    });
    expect(quiet.message).toMatchObject({ thread_ts: root.ts, parent_user_id: 'U0THREADER' });
    expect(loud.message).toMatchObject({ thread_ts: root.ts, subtype: 'thread_broadcast' });
    expect(simulator.workspace.messages(ALERTS)).toHaveLength(1);
    expect(simulator.workspace.replies(ALERTS, root.ts ?? '').map((reply) => reply.text)).toEqual(['quiet', 'loud']);
  });

  it.each(['missing', 'deleted', 'tombstone'])('un-threads a reply to a %s parent without a word', async (kind) => {
    const root = await client().chat.postMessage({ channel: ALERTS, text: 'root' });
    if (kind === 'tombstone') await client().chat.postMessage({ channel: ALERTS, text: 'r', thread_ts: root.ts ?? '' });
    if (kind !== 'missing') simulator.workspace.deleteMessage(ALERTS, root.ts ?? '');
    const thread_ts = kind === 'missing' ? '1700000000.000100' : (root.ts ?? '');
    const stray = await client().chat.postMessage({ channel: ALERTS, text: 'stray', thread_ts });
    expect(stray.ok).toBe(true);
    expect(stray.message).not.toHaveProperty('thread_ts');
  });

  it('refuses a reply to a reply and a ts that is none', async () => {
    const root = await client().chat.postMessage({ channel: ALERTS, text: 'root' });
    const reply = await client().chat.postMessage({ channel: ALERTS, text: 'r', thread_ts: root.ts ?? '' });
    const post = (thread_ts: string) => client().chat.postMessage({ channel: ALERTS, text: 'x', thread_ts });
    expect(await refusalCode(post(reply.ts ?? ''))).toBe('cannot_reply_to_message');
    expect(await refusalCode(post('yesterday'))).toBe('invalid_thread_ts');
  });

  it('refuses channels where it may not post', async () => {
    const post = (channel: string) => refusalCode(client().chat.postMessage({ channel, text: 'x' }));
    expect(await post('C0NOWHERE1')).toBe('channel_not_found');
    expect(await post(SECRET)).toBe('channel_not_found');
    expect(await post(ARCHIVED)).toBe('is_archived');
    simulator.workspace.join(simulator.workspace.channel(SECRET));
    await expect(client().chat.postMessage({ channel: SECRET, text: 'x' })).resolves.toMatchObject({ ok: true });
  });

  it('refuses a message with nothing in it', async () => {
    expect(await refusalCode(client().chat.postMessage({ channel: ALERTS, text: ' ' }))).toBe('no_text');
    expect(await refusalCode(client().chat.postMessage({ channel: ALERTS, blocks: [] }))).toBe('no_text');
    expect(await refusal(client().apiCall('chat.postMessage', { text: 'x' }))).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] missing required field: channel'] },
    });
  });

  it('cuts a text of more than 40,000 characters', async () => {
    const answer = await client().chat.postMessage({ channel: ALERTS, text: 'x'.repeat(40_001) });
    expect(answer.message?.text).toHaveLength(40_000);
  });

  it('keeps a client_msg_id and a user name', async () => {
    await client().apiCall('chat.postMessage', {
      channel: ALERTS,
      text: 'x',
      client_msg_id: '0b9d3b4e-0000-4000-8000-000000000000',
      username: 'Deputy',
    });
    expect(simulator.workspace.messages(ALERTS)).toMatchObject([
      { client_msg_id: '0b9d3b4e-0000-4000-8000-000000000000', username: 'Deputy' },
    ]);
  });
});

describe('chat.update', () => {
  it('changes what it is given and keeps the rest', async () => {
    const { ts = '' } = await client().chat.postMessage({
      channel: ALERTS,
      text: 'one',
      attachments: [{ color: '#E01E5A', blocks: [section('red')] }],
      metadata: { event_type: 'a', event_payload: { n: 1 } },
    });
    const answer = await client().chat.update({ channel: ALERTS, ts, text: 'two', blocks: [section('new')] });
    expect(answer).toMatchObject({ channel: ALERTS, ts, text: 'two', message: { edited: { user: 'U0THREADER' } } });
    expect(simulator.workspace.message(ALERTS, ts)).toMatchObject({
      text: 'two',
      blocks: [{ type: 'section' }],
      attachments: [{ color: 'E01E5A' }],
      metadata: { event_payload: { n: 1 } },
      edits: 1,
    });
    await client().chat.update({ channel: ALERTS, ts, text: 'three', blocks: [], attachments: [] });
    expect(simulator.workspace.message(ALERTS, ts)).toMatchObject({ blocks: [], attachments: [], edits: 2 });
  });

  it('takes metadata away with {}', async () => {
    const metadata = { event_type: 'a', event_payload: {} };
    const { ts = '' } = await client().chat.postMessage({ channel: ALERTS, text: 'one', metadata });
    await client().apiCall('chat.update', { channel: ALERTS, ts, text: 'two', metadata: {} });
    expect(simulator.workspace.message(ALERTS, ts)).not.toHaveProperty('metadata');
  });

  it('refuses a text of more than 4,000 characters', async () => {
    const { ts = '' } = await client().chat.postMessage({ channel: ALERTS, text: 'one' });
    const update = (length: number) => client().chat.update({ channel: ALERTS, ts, text: 'x'.repeat(length) });
    expect(await refusalCode(update(4001))).toBe('msg_too_long');
    await expect(update(4000)).resolves.toMatchObject({ ok: true });
  });

  it('refuses messages of others, deleted ones and an update with nothing in it', async () => {
    const theirs = simulator.workspace.post({ channel: ALERTS, user: 'U0JIHYE001', text: 'mine' });
    const { ts = '' } = await client().chat.postMessage({ channel: ALERTS, text: 'one' });
    const update = (target: string) => refusalCode(client().chat.update({ channel: ALERTS, ts: target, text: 'x' }));
    expect(await update(theirs.ts)).toBe('cant_update_message');
    expect(await refusalCode(client().apiCall('chat.update', { channel: ALERTS, ts }))).toBe('no_text');
    simulator.workspace.deleteMessage(ALERTS, ts);
    expect(await update(ts)).toBe('message_not_found');
  });
});

describe('chat.delete', () => {
  it('removes a message; a root with replies leaves a tombstone until the last reply is gone', async () => {
    const { ts = '' } = await client().chat.postMessage({ channel: ALERTS, text: 'root' });
    const reply = await client().chat.postMessage({ channel: ALERTS, text: 'reply', thread_ts: ts });
    await expect(client().chat.delete({ channel: ALERTS, ts })).resolves.toMatchObject({ channel: ALERTS, ts });
    expect(simulator.workspace.message(ALERTS, ts)).toMatchObject({ subtype: 'tombstone', deleted: true });
    expect(simulator.workspace.replies(ALERTS, ts)).toHaveLength(1);
    expect(await refusalCode(client().chat.delete({ channel: ALERTS, ts }))).toBe('message_not_found');
    await client().chat.delete({ channel: ALERTS, ts: reply.ts ?? '' });
    expect(simulator.workspace.allMessages(ALERTS)).toEqual([]);
  });

  it('leaves messages of others alone', async () => {
    const theirs = simulator.workspace.post({ channel: ALERTS, user: 'U0JIHYE001', text: 'mine' });
    expect(await refusalCode(client().chat.delete({ channel: ALERTS, ts: theirs.ts }))).toBe('cant_delete_message');
  });
});

describe('chat.postEphemeral and chat.getPermalink', () => {
  it('shows a message to one person', async () => {
    const whisper = (user: string) => client().chat.postEphemeral({ channel: ALERTS, user, text: 'psst' });
    expect(await refusalCode(whisper('U0JIHYE001'))).toBe('not_in_channel');
    await client().conversations.join({ channel: ALERTS });
    expect(await refusalCode(whisper('U0NOBODY'))).toBe('user_not_in_channel');
    const { message_ts: ts } = await whisper('U0JIHYE001');
    expect(simulator.workspace.ephemerals).toMatchObject([{ ts, user: 'U0JIHYE001', text: 'psst' }]);
    expect(simulator.workspace.allMessages(ALERTS)).toEqual([]);
  });

  it('links to the page', async () => {
    const root = await client().chat.postMessage({ channel: ALERTS, text: 'root' });
    const reply = await client().chat.postMessage({ channel: ALERTS, text: 'reply', thread_ts: root.ts ?? '' });
    const link = async (ts = '') =>
      (await client().chat.getPermalink({ channel: ALERTS, message_ts: ts })).permalink ?? '';
    const base = `${simulator.url}archives/${ALERTS}/p`;
    expect(await link(root.ts)).toBe(base + (root.ts ?? '').replace('.', ''));
    expect(await link(reply.ts)).toContain(`?thread_ts=${root.ts ?? ''}&cid=${ALERTS}`);
    expect(await refusalCode(link('1700000000.000100'))).toBe('message_not_found');
  });
});
