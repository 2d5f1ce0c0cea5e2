import type { ServerResponse } from 'node:http';
import { isJsonObject } from '../json.js';
import type { Change, Workspace } from '../workspace/workspace.js';
import { personNews } from './person-news.js';
import { inChannel, type Renderer } from './render.js';

/** Changes of this span go out together: a storm of them draws each message once. */
const GATHER_MS = 40;

/** Proxies and browsers give up on a silent stream. */
const HEARTBEAT_MS = 15_000;

/** How the app is connected by Socket Mode. */
export interface AppConnections {
  /** Those that are open now. */
  count: () => number;
  /** Calls the listener after every change of anything in the simulator. Returns what ends it. */
  onChange: (listener: () => void) => () => void;
}

/** Pushes what changed to every open page, as server-sent events. Draws nothing while no page is open. */
export class LiveUpdates {
  /** With the id of the person who looks. */
  private readonly streams = new Map<ServerResponse, string>();
  private readonly changed = new Map<string, { channel: string; ts: string }>();
  /** People whose ephemeral messages or views changed. */
  private readonly concerned = new Set<string>();
  private readonly heartbeat: NodeJS.Timeout;
  private readonly unsubscribe: (() => void)[];
  private gathering: NodeJS.Timeout | undefined;
  /** As it was last told. */
  private connected = 0;

  constructor(
    private readonly workspace: Workspace,
    private readonly renderer: Renderer,
    private readonly app: AppConnections,
    /** Tells the browser that this is another run: what it remembers as read does not count any more. */
    private readonly run: string,
  ) {
    this.unsubscribe = [
      workspace.onChange((change) => {
        this.note(change);
      }),
      app.onChange(() => {
        if (this.streams.size > 0 && app.count() !== this.connected) this.gather();
      }),
    ];
    this.heartbeat = setInterval(() => {
      for (const stream of this.streams.keys()) stream.write(': still here\n\n');
    }, HEARTBEAT_MS);
  }

  /** `user`: who looks; somebody unknown sees what all see. */
  open(response: ServerResponse, user: string): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    // A browser that lost the simulator should notice its return quickly.
    const first = [event('channels', this.channels()), this.socketsEvent(), this.personEvent(user)];
    response.write(`retry: 500\n${first.join('')}`);
    this.streams.set(response, user);
    response.once('close', () => this.streams.delete(response));
  }

  close(): void {
    for (const unsubscribe of this.unsubscribe) unsubscribe();
    clearInterval(this.heartbeat);
    clearTimeout(this.gathering);
    for (const stream of this.streams.keys()) stream.end();
  }

  private note({ channel, message, user }: Change): void {
    if (this.streams.size === 0) return;
    if (user !== undefined) this.concerned.add(user);
    else if (message) {
      this.remember(channel, message.ts);
      // The root's line "3 replies" changes with a reply.
      if (message.thread_ts !== undefined) this.remember(channel, message.thread_ts);
    }
    this.gather();
  }

  private gather(): void {
    this.gathering ??= setTimeout(() => {
      this.push();
    }, GATHER_MS);
  }

  private remember(channel: string, ts: string): void {
    this.changed.set(`${channel} ${ts}`, { channel, ts });
  }

  private push(): void {
    this.gathering = undefined;
    const events = [...this.changed.values()].map(({ channel, ts }) =>
      event('message', this.messageEvent(channel, ts)),
    );
    this.changed.clear();
    const text = [event('channels', this.channels()), this.socketsEvent(), ...events].join('');
    const people = new Map([...this.concerned].map((user) => [user, this.personEvent(user)]));
    this.concerned.clear();
    for (const [stream, user] of this.streams) stream.write(text + (people.get(user) ?? ''));
  }

  private socketsEvent(): string {
    this.connected = this.app.count();
    return event('sockets', { count: this.connected });
  }

  private personEvent(user: string): string {
    return event('person', personNews(user, this.workspace, this.renderer));
  }

  /** HTML of null: it is not shown there (any more). */
  private messageEvent(channel: string, ts: string): object {
    const message = this.workspace.message(channel, ts);
    if (!message) return { channel, ts, html: null, threadHtml: null };
    const isInChannel = message.thread_ts === undefined || message.reply_broadcast === true;
    return {
      channel,
      ts,
      thread: message.thread_ts ?? message.ts,
      replies: this.workspace.replies(channel, message.thread_ts ?? message.ts).length,
      html: isInChannel ? this.renderer.message(message, 'channel') : null,
      threadHtml: this.renderer.message(message, 'thread'),
    };
  }

  private channels(): object {
    const channels = this.workspace.channels.map(({ id, name, topic, isPrivate, isArchived }) => {
      const shown = inChannel(this.workspace, id);
      const alerts = shown.filter(({ attachments, thread_ts: thread }) => !thread && attachments.some(isUrgent)).length;
      return { id, name, topic, isPrivate, isArchived, messages: shown.length, alerts };
    });
    return { run: this.run, channels };
  }
}

/** Red is critical or error, in Slack's own palette. */
function isUrgent(attachment: unknown): boolean {
  return (
    isJsonObject(attachment) && typeof attachment.color === 'string' && attachment.color.toLowerCase() === 'e01e5a'
  );
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
