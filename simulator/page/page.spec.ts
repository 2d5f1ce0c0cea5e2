import { ALERTS, clientOf } from '../spec-support.js';
import { startSimulator, type Simulator } from '../simulator.js';

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({ pace: 'off' });
});
afterEach(() => simulator.close());

const get = (path: string) => fetch(`${simulator.url}${path}`, { redirect: 'manual' });
const text = async (path: string) => (await get(path)).text();
const post = (args: Record<string, unknown>) =>
  clientOf(simulator).apiCall('chat.postMessage', { channel: ALERTS, text: 'x', ...args });
const drawn = async (args: Record<string, unknown>): Promise<string> => {
  await post(args);
  return text(`view/${ALERTS}`);
};
const mrkdwn = (value: string) => ({ blocks: [{ type: 'section', text: { type: 'mrkdwn', text: value } }] });
const plain = (value: string) => ({ blocks: [{ type: 'header', text: { type: 'plain_text', text: value } }] });

describe('hostile text', () => {
  const HOSTILE = `"'><script>alert(1)</script><img src=x onerror=alert(1)><style>*{}</style> style="color:red" javascript:alert(1)`;
  const PLACES: [string, Record<string, unknown>][] = [
    ['the text', { text: HOSTILE }],
    ['mrkdwn', mrkdwn(HOSTILE)],
    ['a code block', mrkdwn('```' + HOSTILE + '```')],
    ['a header', plain(HOSTILE)],
    ['a link', mrkdwn(`<https://e.com/"onmouseover="alert(1)|${HOSTILE.replaceAll('>', '')}>`)],
    ['a script link', mrkdwn('<javascript:alert(1)|click> [x](javascript:alert(1))')],
    ['a button', { blocks: [{ type: 'actions', elements: [button(HOSTILE)] }] }],
    ['a select', { blocks: [{ type: 'actions', elements: [select(HOSTILE)] }] }],
    [
      'a link button',
      { blocks: [{ type: 'actions', elements: [{ ...button(HOSTILE), url: 'https://e.com/"x="1' }] }] },
    ],
    ['an image', { blocks: [{ type: 'image', image_url: 'https://e.com/"onload="alert(1)', alt_text: HOSTILE }] }],
    [
      'rich text',
      {
        blocks: [
          { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: HOSTILE }] }] },
        ],
      },
    ],
    ['markdown', { blocks: [{ type: 'markdown', text: HOSTILE }] }],
    ['a legacy attachment', { attachments: [{ title: HOSTILE, text: HOSTILE, fallback: HOSTILE }] }],
    ['a user name', { username: HOSTILE }],
    ['block and action ids', { blocks: [{ type: 'divider', block_id: HOSTILE }] }],
  ];

  it.each(PLACES)('in %s becomes neither markup nor a script', async (_, args) => {
    const html = await drawn(args);
    // Whatever is text is escaped, so every < here begins an element of ours.
    const tags = [...html.matchAll(/<([a-z0-9]+)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*\/?>/g)];
    expect(html.match(/<[a-z!]/gi)?.length).toBe(tags.length);
    expect(tags.map(([, name]) => name)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(script|style|img|iframe|object)$/)]),
    );
    const attributes = tags.flatMap(([, , list = '']) => [...list.matchAll(/([\w-]+)="/g)].map((match) => match[1]));
    expect(attributes.filter((name) => name === 'style' || name?.startsWith('on'))).toEqual([]);
    expect(html).not.toMatch(/href="(?!https?:|mailto:|#\/)/);
  });

  it('could not run anyway', async () => {
    const policy = (await get('')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
    expect((await get(`view/${ALERTS}`)).headers.get('content-security-policy')).toBe(policy);
  });

  function select(label: string): object {
    const text = { type: 'plain_text', text: label.slice(0, 75) };
    const options = [{ text, value: label.slice(0, 150) }];
    return { type: 'static_select', placeholder: text, options, action_id: label };
  }

  function button(label: string): object {
    return { type: 'button', text: { type: 'plain_text', text: label.slice(0, 75) }, value: label, action_id: label };
  }
});

describe('text', () => {
  it.each([
    ['&lt;!channel&gt; &lt;@U0JIHYE001&gt;', 'slack_broadcast'],
    ['&lt;!channel&gt;', 'slack_user'],
  ])('%s is no mention', async (value, mention) => {
    expect(await drawn(mrkdwn(value))).not.toContain(`class="${mention}`);
    expect(await text(`view/${ALERTS}`)).toContain('&lt;!channel&gt;');
  });

  it('draws real mentions by name', async () => {
    const html = await drawn(mrkdwn('<!channel> <@U0JIHYE001> <#C0PAYMENTS>'));
    expect(html).toContain('@channel');
    expect(html).toContain('@jihye');
    expect(html).toContain('#payments');
  });

  it.each([
    ['10:30:45 and a_b_c and 2*3*4', '10:30:45 and a_b_c and 2*3*4'],
    ['# not a title\n1. not a list\n---', '# not a title\n1. not a list\n---'],
    ['[x](https://e.com/y) | a', '[x]('],
    ['&amp;lt; stays', '&amp;lt; stays'],
    ['up :tada: :no_such_one:', '🎉'],
    ['up :no_such_one:', ':no_such_one:'],
  ])('keeps every character of %j', async (value, shown) => {
    const html = await drawn(mrkdwn(value));
    expect(html.replaceAll(/<[^>]*>/g, '')).toContain(shown);
  });

  it('draws the marks of mrkdwn', async () => {
    const html = await drawn(mrkdwn('*b* _i_ ~s~ `c`\n&gt; quote\n```code *x*```\n<https://e.com/?a=1&amp;b=2|label>'));
    expect(html).toMatch(/font-semibold[^>]*>b</);
    expect(html).toMatch(/italic[^>]*>i</);
    expect(html).toMatch(/line-through[^>]*>s</);
    expect(html).toMatch(/slack_inline_code[^>]*>c</);
    expect(html).toMatch(/<blockquote[^]*quote[^]*<\/blockquote>/);
    expect(html).toMatch(/<pre[^]*code \*x\*[^]*<\/pre>/);
    expect(html).toMatch(/href="https:\/\/e\.com\/\?a=1&amp;b=2"[^>]*>label</);
  });

  it('draws no marks in plain text', async () => {
    expect(await drawn(plain('*b* <https://e.com|x> :tada:'))).toMatch(/\*b\* &lt;https:\/\/e\.com\|x&gt; .*🎉/);
  });

  it('gives dates to the reader’s own zone', async () => {
    const html = await drawn(mrkdwn('<!date^1700000000^{date_short_pretty} {time}|2023>'));
    expect(html).toContain('data-unix="1700000000" data-format="{date_short_pretty} {time}">Nov 14, 2023 10:13 PM<');
  });
});

describe('messages and threads', () => {
  it('draws bars, buttons, edits, threads and broadcasts', async () => {
    const root = await clientOf(simulator).chat.postMessage({
      channel: ALERTS,
      text: 'root',
      attachments: [
        {
          color: '#E01E5A',
          blocks: [
            {
              type: 'actions',
              elements: [
                {
                  type: 'button',
                  text: { type: 'plain_text', text: 'Ack' },
                  action_id: 'incident_ack',
                  value: '{"a":1}',
                },
              ],
            },
          ],
        },
      ],
    });
    const { ts = '' } = root;
    await clientOf(simulator).chat.update({ channel: ALERTS, ts, text: 'root, edited' });
    await post({ thread_ts: ts, text: 'quiet' });
    await post({ thread_ts: ts, text: 'loud', reply_broadcast: true });
    const html = await text(`view/${ALERTS}`);
    expect(html).toContain('fill="#E01E5A"');
    expect(html).toMatch(/<button [^>]*data-action-id="incident_ack"[^>]* data-value="{&quot;a&quot;:1}"/);
    expect(html).toContain('data-testid="edited"');
    expect(html).toMatch(/data-testid="open-thread" href="#\/C0ALERTS01\/[\d.]+"[^]*2 replies/);
    expect(html).toContain('replied to a thread');
    expect(html.match(/data-testid="message"/g)).toHaveLength(2);
    const thread = await text(`view/${ALERTS}/${ts}`);
    expect(thread.match(/data-testid="reply"/g)).toHaveLength(2);
    expect(thread.match(/data-testid="thread-root"/g)).toHaveLength(1);
  });

  it('says that a deleted root was deleted, and keeps its replies', async () => {
    await post({ text: 'secret' });
    const ts = simulator.workspace.messages(ALERTS)[0]?.ts ?? '';
    await post({ thread_ts: ts, text: 'reply' });
    simulator.workspace.deleteMessage(ALERTS, ts);
    const html = await text(`view/${ALERTS}/${ts}`);
    expect(html).toContain('This message was deleted.');
    expect(html).not.toContain('secret');
    expect(html).toContain('reply');
  });
});

describe('what is served', () => {
  it.each(['', 'assets/app.js', 'assets/slack-date.js', 'assets/views.css', 'assets/blocks.css', 'assets/icon.svg'])(
    '/%s',
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(200);
      expect(await answer.text()).not.toBe('');
    },
  );

  it.each([
    'nothing',
    'assets/nothing.js',
    'assets/nothing.css',
    'assets/..%2Fpage.ts',
    'view/C0NOWHERE1',
    `view/${ALERTS}/1.1`,
  ])('nothing at /%s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  it('leads a permalink to the thread', async () => {
    const answer = await get(`archives/${ALERTS}/p1700000000000100?thread_ts=1600000000.000200`);
    expect(answer.headers.get('location')).toBe(`/#/${ALERTS}/1600000000.000200`);
    expect((await get(`archives/${ALERTS}/p1700000000000100`)).headers.get('location')).toBe(
      `/#/${ALERTS}/1700000000.000100`,
    );
  });

  it('streams changes, each message drawn as it is now', async () => {
    const stream = await get('events');
    const seen = readStream(stream);
    await post({ text: 'first' });
    await post({ thread_ts: simulator.workspace.messages(ALERTS)[0]?.ts ?? '', text: 'second' });
    await simulator.waitFor(() => /second/.test(seen.text) && /1 reply/.test(seen.text));
    expect(seen.text).toMatch(/^retry: 500\nevent: channels\ndata: {"run":/);
    await seen.end();
  });
});

/** Collects what a stream of events brings, until it is ended. */
function readStream(answer: Response): { text: string; end: () => Promise<void> } {
  const reader = answer.body?.getReader();
  const seen = { text: '', end: async () => reader?.cancel() };
  const decoder = new TextDecoder();
  const read = async (): Promise<void> => {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done) return;
      seen.text += decoder.decode(value, { stream: true });
    }
  };
  void read();
  return seen;
}
