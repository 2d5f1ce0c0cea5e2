import type { ChannelFacts } from './channel-list.js';
import { byId } from './dom.js';
import { MessageList } from './message-list.js';
import { ViewLoader } from './view-loader.js';

interface ThreadChange {
  ts: string;
  thread: string | undefined;
  replies: number | undefined;
  html: string | null;
}

/** The thread on the right; on a phone it covers the channel. */
export class ThreadPane {
  private readonly pane = byId('thread');
  private readonly view = byId('thread-view');
  readonly list: MessageList;
  private path = '';
  private open: string | undefined;
  private readonly loader = new ViewLoader((html, path) => {
    if (path !== this.path) return;
    this.list.show(html ?? '<p class="empty">This thread is gone.</p>');
    this.shown();
  });

  /** `shown`: called when all of it was drawn anew. */
  constructor(
    dress: (root: HTMLElement) => void,
    private readonly shown: () => void,
  ) {
    this.list = new MessageList(this.view, byId('thread-messages'), false, dress);
  }

  /** Without a channel or a ts it is closed. */
  show(channel: ChannelFacts | undefined, ts: string | undefined): void {
    const wasHidden = this.pane.hidden;
    const isOpen = channel !== undefined && ts !== undefined;
    this.open = isOpen ? ts : undefined;
    this.pane.hidden = !isOpen;
    document.body.classList.toggle('has-thread', isOpen);
    if (!isOpen) {
      this.path = '';
      return;
    }
    const path = `/view/${channel.id}/${encodeURIComponent(ts)}`;
    if (path !== this.path) this.view.replaceChildren();
    this.path = path;
    byId('thread-channel').textContent = `# ${channel.name}`;
    this.loader.load(path);
    if (wasHidden) byId('thread-name').focus({ preventScroll: true });
  }

  receive({ ts, thread, replies, html }: ThreadChange): void {
    if (this.open === undefined) return;
    // Of a message that is gone nobody says which thread it was in.
    if (thread !== this.open && !this.list.find(ts)) return;
    if (this.loader.noteChange()) return;
    if (html === null) {
      this.loader.load(this.path);
      return;
    }
    this.list.put(ts, html);
    this.count(replies ?? 0);
  }

  private count(replies: number): void {
    const note = this.view.querySelector<HTMLElement>('.reply-count');
    if (!note && replies > 0) this.loader.load(this.path);
    const label = note?.querySelector('span');
    if (label) label.textContent = replies === 1 ? '1 reply' : `${replies} replies`;
  }
}
