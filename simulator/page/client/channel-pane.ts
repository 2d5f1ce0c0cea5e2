import { sign, type ChannelFacts } from './channel-list.js';
import { byId } from './dom.js';
import { MessageList } from './message-list.js';
import { ViewLoader } from './view-loader.js';

/** The messages of the current channel. */
export class ChannelPane {
  readonly list: MessageList;
  private channel: ChannelFacts | undefined;
  private thread: string | undefined;
  private shownPath = '';
  private readonly loader = new ViewLoader((html = '', path) => {
    const wasElsewhere = path !== this.shownPath || this.list.isAtEnd;
    const { scrollTop } = byId('messages');
    this.list.show(html);
    this.shownPath = path;
    this.shown();
    if (wasElsewhere) this.list.scrollToEnd();
    else byId('messages').scrollTop = scrollTop;
    this.markThread();
    this.showEmpty();
  });

  /** `shown`: called when all of it was drawn anew. */
  constructor(
    dress: (root: HTMLElement) => void,
    private readonly shown: () => void,
  ) {
    this.list = new MessageList(byId('channel-view'), byId('messages'), true, dress);
  }

  /** Whose messages are to be loaded. */
  title(channel: ChannelFacts): void {
    this.channel = channel;
    byId('channel-name').replaceChildren(sign(channel), ` ${channel.name}`);
    byId('channel-topic').textContent = channel.isArchived ? 'This channel is archived' : channel.topic;
  }

  load(): void {
    if (this.channel) this.loader.load(`/view/${this.channel.id}`);
  }

  put(ts: string, html: string | null): void {
    if (!this.loader.noteChange()) this.list.put(ts, html);
    this.showEmpty();
    // A root that was drawn anew has lost its mark.
    if (ts === this.thread) this.list.find(ts)?.classList.add('is-open');
  }

  /** Marks the root whose thread is open. */
  markThread(thread = this.thread): void {
    this.thread = thread;
    for (const open of document.querySelectorAll('.message.is-open')) open.classList.remove('is-open');
    if (thread === undefined) return;
    const root = this.list.find(thread);
    root?.classList.add('is-open');
    root?.scrollIntoView({ block: 'nearest' });
  }

  /** Back to where the reader came from. */
  focusThreadLink(ts: string): void {
    this.list.find(ts)?.querySelector<HTMLElement>('[data-testid="open-thread"]')?.focus();
  }

  showEmpty(): void {
    byId('empty').hidden = !this.list.isEmpty;
    byId('empty-hint').hidden = this.channel?.isArchived ?? false;
  }
}
