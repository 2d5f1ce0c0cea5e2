import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Message } from '../../simulator/workspace/message.js';
import { eventually } from '../support/eventually.js';
import { CHANNEL, titleOf } from '../support/slack-channel.js';

const ROOT = join(__dirname, '../..');
const ALICE = 'U0ALICE01';

/** As `GET /api/v2/silences` has it. */
interface Silence {
  readonly status: { readonly state: string };
  readonly createdBy: string;
  readonly matchers: readonly object[];
  readonly endsAt: string;
}

/** `node tools/demo.mjs`, as `npm run demo` runs it. */
class Demo {
  output = '';
  errors = '';
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, ['tools/demo.mjs', ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
  }

  /** Waits until it has said that, and returns the first group of it. */
  async says(pattern: RegExp): Promise<string> {
    const match = await eventually(
      `the demo to say ${String(pattern)}`,
      () => {
        if (this.child.exitCode !== null) throw new Error(`it ended with ${this.child.exitCode}`);
        return pattern.exec(this.output);
      },
      { instead: () => `${this.output}\n${this.errors}` },
    );
    return match[1] ?? '';
  }

  slackUrl(): Promise<string> {
    return this.says(/Slack page +(http:\S+)\/#\/C0ALERTS01/);
  }

  serviceUrl(): Promise<string> {
    return this.says(/service +(http:\S+)/);
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  async dispose(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.ended;
    const port = /service +http:\S+:(\d+)/.exec(this.output)?.[1];
    if (port !== undefined) rmSync(join(ROOT, 'data/demo', port), { recursive: true, force: true });
  }
}

const messagesAt = async (slackUrl: string): Promise<Message[]> => {
  const response = await fetch(`${slackUrl}/control/messages?channel=${CHANNEL}`);
  const { messages } = (await response.json()) as { messages: Message[] };
  return messages;
};

/** Each thread: its root's title, and the texts of its replies. */
const threadsOf = (messages: Message[]): unknown[][] =>
  messages
    .filter(({ thread_ts: thread }) => thread === undefined)
    .map((root) => [
      titleOf(root),
      ...messages.filter(({ thread_ts: thread }) => thread === root.ts).map(({ text }) => text),
    ]);

/** What a person does on the page. */
const act = async (slackUrl: string, person: string, what: string, body: object): Promise<unknown> => {
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  return (await fetch(`${slackUrl}/control/people/${person}/${what}`, init)).json();
};

/** The value of an entry in the list of times to silence for; undefined where it is not offered. */
const optionOf = (root: Message | undefined, text: string): string | undefined => {
  interface Option {
    readonly text: { readonly text: string };
    readonly value: string;
  }
  const elements = (root?.blocks ?? []).flatMap(
    (block) => (block['elements'] as { options?: Option[] }[] | undefined) ?? [],
  );
  return elements.flatMap(({ options = [] }) => options).find((option) => option.text.text === text)?.value;
};

/** What the curl does that the demo offers. */
const sendOwnAlert = async (demo: Demo): Promise<{ key: string; thread_ts: string } | undefined> => {
  const address = await demo.says(/curl -X POST (\S+) /);
  const body = await demo.says(/ -d '([^']+)'/);
  const response = await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return ((await response.json()) as { results: { key: string; thread_ts: string }[] }).results[0];
};

const isFree = async (url: string): Promise<boolean> => {
  const server = createServer().listen(Number(new URL(url).port), '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
};

describe('npm run demo', () => {
  const taken: Server[] = [];
  let demo: Demo;

  /** A port that something else listens on. */
  const takenPort = async (): Promise<string> => {
    const server = createServer().listen(0, '127.0.0.1');
    taken.push(server);
    await once(server, 'listening');
    return String((server.address() as AddressInfo).port);
  };

  afterEach(async () => {
    await demo.dispose();
    for (const server of taken.splice(0)) server.close();
  });

  it('steps over taken ports, plays its story, and says who clicked; Ctrl-C ends it while it waits', async () => {
    const [port, slackPort] = [await takenPort(), await takenPort()];
    demo = new Demo('--pace', '0.1', '--patience', '60', '--port', port, '--slack-port', slackPort);
    const [slackUrl, serviceUrl] = [await demo.slackUrl(), await demo.serviceUrl()];
    expect([port, slackPort]).not.toContain(new URL(serviceUrl).port);
    expect([port, slackPort]).not.toContain(new URL(slackUrl).port);
    expect((await fetch(`${serviceUrl}/docs`)).status).toBe(200);

    const title = await demo.says(/press 👀 Ack under “(.+)”/);
    expect(threadsOf(await messagesAt(slackUrl))).toEqual([
      [
        '✅ Database Critical Failure',
        expect.stringMatching(/^🚨 db02 joined/),
        expect.stringMatching(/^✅ db01 resolved/),
        expect.stringMatching(/^✅ RESOLVED — Database Critical Failure/),
      ],
      ['✅ Checkout is slow', expect.stringMatching(/^✅ RESOLVED — Checkout is slow/)],
      [`🚨 ${title}`],
    ]);
    const root = (await messagesAt(slackUrl)).find((message) => titleOf(message) === `🚨 ${title}`);
    const click = { channel: CHANNEL, ts: root?.ts, action_id: 'incident_ack' };
    expect(await act(slackUrl, 'U0JIHYE001', 'click', click)).toMatchObject({ acknowledged: true });
    await demo.says(/(Jihye Park acknowledged it)/);
    expect(threadsOf(await messagesAt(slackUrl)).at(-1)).toEqual([
      `🚨 ${title}`,
      expect.stringMatching(/^👀 Acknowledged/),
    ]);
    await demo.says(/(choose 30 minutes from 🔕 Silence)/);
    expect(demo.output).not.toContain('Bob');
    expect(demo.output).not.toContain('\u001b'); // no terminal, no colours

    demo.signal('SIGINT');
    demo.signal('SIGINT'); // npm passes the terminal's on: it comes twice
    expect(await demo.ended).toBe(0);
    expect(await isFree(slackUrl)).toBe(true);
    expect(await isFree(serviceUrl)).toBe(true);
    expect(demo.errors).toBe('');
  });

  it('makes silences, in a stand-in for Alertmanager whose address it says', async () => {
    demo = new Demo('--quiet', '--port', await takenPort(), '--slack-port', await takenPort());
    const silencesUrl = await demo.says(/silences +(http:\S+) +a stand-in for Alertmanager/);
    await demo.says(/(Ctrl-C ends it)/);
    const slackUrl = await demo.slackUrl();
    await sendOwnAlert(demo);
    const silences = async () => (await (await fetch(silencesUrl)).json()) as Silence[];
    const thread = async () => threadsOf(await messagesAt(slackUrl))[0]?.slice(1);
    const says = (...replies: RegExp[]) =>
      eventually(`the thread to say ${replies.join()}`, async () => {
        const said = await thread();
        return said?.length === replies.length && replies.every((reply, i) => reply.test(String(said[i])));
      });
    const choose = async (text: string) => {
      const click = await eventually(`the list to offer ${text}`, async () => {
        const [root] = await messagesAt(slackUrl);
        const option = optionOf(root, text);
        return option === undefined
          ? undefined
          : { channel: CHANNEL, ts: root?.ts, action_id: 'incident_silence', option };
      });
      expect(await act(slackUrl, ALICE, 'click', click)).toMatchObject({ acknowledged: true });
    };

    await choose('30 minutes');
    await says(/^🔕 Silenced until .+ by/);
    const [made, ...others] = await silences();
    expect(others).toEqual([]);
    expect(made).toMatchObject({ status: { state: 'active' }, createdBy: `alice (Slack ${ALICE})` });
    expect(made?.matchers).toContainEqual({ name: 'alertname', value: 'TestCritical', isRegex: false, isEqual: true });
    expect((Date.parse(made?.endsAt ?? '') - Date.now()) / 60_000).toBeCloseTo(30, 0);

    await choose('Custom…');
    await eventually('the form to count what it matches', async () => {
      const response = await fetch(`${slackUrl}/control/people/${ALICE}/views`);
      return (await response.text()).includes('Matches 1 alert that fires now');
    });
    await choose('End silence');
    await says(/^🔕 Silenced/, /Silence ended/);
    expect((await silences()).map(({ status }) => status.state)).toEqual(['expired']);
  });

  it('reminds a viewer who does nothing, has somebody else act, and so comes to its end', async () => {
    const ports = ['--port', await takenPort(), '--slack-port', await takenPort()];
    demo = new Demo('--pace', '0', '--patience', '0.4', ...ports);
    await demo.says(/(That was the story)/);
    expect(demo.output).toMatch(
      /No hurry[^]*so Bob does[^]*Bob acknowledged it[^]*No hurry[^]*so Bob does[^]*Bob silenced it[^]*No hurry[^]*so Bob does/,
    );
    expect(demo.output).toMatch(/Bob resolved it[^]*Action taken: \S+[^]*Root cause: \S+/);
    const slackUrl = await demo.slackUrl();
    const lastThread = async () => threadsOf(await messagesAt(slackUrl)).at(-1);
    // The story ends with the reply; the edit of the first message has a pace of its own.
    await eventually('the first message to be green', async () => (await lastThread())?.[0] === '✅ Payments fail');
    expect(await lastThread()).toEqual([
      '✅ Payments fail',
      expect.stringMatching(/^👀 Acknowledged/),
      expect.stringMatching(/^🔕 Silenced/),
      expect.stringMatching(/^✅ RESOLVED — Payments fail/),
    ]);
    expect(demo.errors).toBe('');
  });

  it('plays nothing with --quiet, takes the alert of its curl, and leaves nothing behind when it is killed', async () => {
    demo = new Demo('--quiet', '--port', await takenPort(), '--slack-port', await takenPort());
    await demo.says(/(Ctrl-C ends it)/);
    const [slackUrl, serviceUrl] = [await demo.slackUrl(), await demo.serviceUrl()];
    expect(await messagesAt(slackUrl)).toEqual([]);

    const result = await sendOwnAlert(demo);
    expect(result?.key).toBe('TestCritical|critical|database|production|production');
    expect((await messagesAt(slackUrl)).map(({ ts }) => ts)).toEqual([result?.thread_ts]);
    expect(demo.output).not.toMatch(/story|1\/8/);

    demo.signal('SIGKILL');
    await demo.ended;
    await eventually('both ports to be free', async () => (await isFree(slackUrl)) && isFree(serviceUrl));
  });

  it('says so when the service dies, with its last lines, and ends', async () => {
    demo = new Demo('--quiet', '--port', await takenPort(), '--slack-port', await takenPort());
    await demo.says(/(Ctrl-C ends it)/);
    const [slackUrl, serviceUrl] = [await demo.slackUrl(), await demo.serviceUrl()];
    const lock = readFileSync(join(ROOT, 'data/demo', new URL(serviceUrl).port, 'threads.json.lock'), 'utf8');
    process.kill((JSON.parse(lock) as { pid: number }).pid, 'SIGKILL');
    expect(await demo.ended).toBe(1);
    expect(demo.errors).toMatch(/the service ended \(SIGKILL\)[^]* listening /);
    expect(await isFree(slackUrl)).toBe(true);
  });

  it('explains its options, and refuses one that it does not know', async () => {
    demo = new Demo('--help');
    expect(await demo.ended).toBe(0);
    expect(demo.output).toMatch(/--quiet[^]*--patience/);
    demo = new Demo('--port', 'nine');
    expect(await demo.ended).toBe(2);
    expect(demo.errors).toContain('--port wants a number');
  });
});
