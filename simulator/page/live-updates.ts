import type { ServerResponse } from 'node:http';
import { isJsonObject } from '../json.js';
import type { Change, Workspace } from '../workspace/workspace.js';
import { inChannel, type Renderer } from './render.js';

/** Changes of this span go out together: a storm of them draws each message once. */
const GATHER_MS = 40;

/** Proxies and browsers give up on a silent stream. */
const HEARTBEAT_MS = 15_000;

/** Pushes what changed to every open page, as server-sent events. Draws nothing while no page is open. */
export class LiveUpdates {
  private readonly streams = new Set<ServerResponse>();
  private readonly changed = new Map<string, { channel: string; ts: string }>();
  private readonly heartbeat: NodeJS.Timeout;
  private readonly unsubscribe: () => void;
  private gathering: NodeJS.Timeout | undefined;

  constructor(
    private readonly workspace: Workspace,
    private readonly renderer: Renderer,
    /** Tells the browser that this is another run: what it remembers as read does not count any more. */
    private readonly run: string,
  ) {
    this.unsubscribe = workspace.onChange((change) => {
      this.note(change);
    });
    this.heartbeat = setInterval(() => {
      for (const stream of this.streams) stream.write(': still here\n\n');
    }, HEARTBEAT_MS);
  }

  open(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    // A browser that lost the simulator should notice its return quickly.
    response.write(`retry: 500\n${event('channels', this.channels())}`);
    this.streams.add(response);
    response.once('close', () => this.streams.delete(response));
  }

  close(): void {
    this.unsubscribe();
    clearInterval(this.heartbeat);
    clearTimeout(this.gathering);
    for (const stream of this.streams) stream.end();
  }

  private note({ channel, message }: Change): void {
    if (this.streams.size === 0) return;
    if (message) {
      this.remember(channel, message.ts);
      // The root's line "3 replies" changes with a reply.
      if (message.thread_ts !== undefined) this.remember(channel, message.thread_ts);
    }
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
    const text = [event('channels', this.channels()), ...events].join('');
    for (const stream of this.streams) stream.write(text);
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
