import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import type { EphemeralMessage, Message } from '../workspace/message.js';
import type { View } from '../workspace/view.js';
import type { Workspace } from '../workspace/workspace.js';
import { EphemeralView } from './views/ephemeral-view.js';
import { messageElement, ReplyCount } from './views/lists.js';
import { HomeView, ModalView } from './views/modal-view.js';
import { namesOf } from './views/names.js';
import { Shell } from './views/shell.js';

/** Slack shows more on scrolling up; here the newest have to do. */
const NEWEST = 200;

type Place = 'channel' | 'thread';

/** Draws messages, each state of each only once: one takes some milliseconds. */
export class Renderer {
  private readonly drawn = new WeakMap<Message, Partial<Record<Place, { revision: number; html: string }>>>();

  constructor(private readonly workspace: Workspace) {}

  shell(apiUrl: string): string {
    return `<!doctype html>${renderToStaticMarkup(createElement(Shell, { apiUrl, workspace: this.workspace }))}`;
  }

  message(message: Message, place: Place): string {
    const known = this.drawn.get(message) ?? {};
    const drawn = known[place];
    if (drawn?.revision === message.revision) return drawn.html;
    const html = renderToStaticMarkup(messageElement(message, this.workspace, place));
    this.drawn.set(message, { ...known, [place]: { revision: message.revision, html } });
    return html;
  }

  ephemeral(message: EphemeralMessage): string {
    return renderToStaticMarkup(createElement(EphemeralView, { message, names: namesOf(this.workspace) }));
  }

  view(view: View): string {
    const drawing = view.type === 'home' ? HomeView : ModalView;
    return renderToStaticMarkup(createElement(drawing, { view, names: namesOf(this.workspace) }));
  }

  channel(channelId: string): string {
    return inChannel(this.workspace, channelId)
      .slice(-NEWEST)
      .map((message) => this.message(message, 'channel'))
      .join('');
  }

  /** Undefined when there is no such message. */
  thread(channelId: string, rootTs: string): string | undefined {
    const root = this.workspace.message(channelId, rootTs);
    if (!root) return undefined;
    const replies = this.workspace.replies(channelId, rootTs);
    const count =
      replies.length === 0 ? '' : renderToStaticMarkup(createElement(ReplyCount, { count: replies.length }));
    return this.message(root, 'thread') + count + replies.map((reply) => this.message(reply, 'thread')).join('');
  }
}

/** Roots and broadcast replies. */
export function inChannel(workspace: Workspace, channelId: string): Message[] {
  return workspace
    .allMessages(channelId)
    .filter((message) => message.thread_ts === undefined || message.reply_broadcast === true);
}
