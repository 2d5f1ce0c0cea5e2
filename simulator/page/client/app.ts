import { ChannelList, ReadMarks, sign, type ChannelFacts } from './channel-list.js';
import { byId } from './dom.js';
import { Drawer } from './drawer.js';
import { MessageList } from './message-list.js';
import { hashOf, placeFromHash, type Place } from './place.js';
import { followTheme } from './theme.js';
import { ThreadPane } from './thread-pane.js';
import { localizeTimes } from './times.js';
import { ViewLoader } from './view-loader.js';

interface MessageEventData {
  channel: string;
  ts: string;
  thread?: string;
  replies?: number;
  html: string | null;
  threadHtml: string | null;
}

followTheme();
const read = new ReadMarks();
const channelList = new ChannelList(read);
const messages = new MessageList(byId('channel-view'), byId('messages'), true);
const threadPane = new ThreadPane();
const drawer = new Drawer();
const connection = document.querySelector<HTMLElement>('[data-testid="connection"]');
let channels: readonly ChannelFacts[] = [];
let place: Place = placeFromHash(location.hash);

const channelLoader = new ViewLoader((html = '') => {
  messages.show(html);
  messages.scrollToEnd();
  markThread();
  showEmpty();
});

function currentChannel(): ChannelFacts | undefined {
  return channels.find(({ id }) => id === place.channel) ?? channels[0];
}

function showEmpty(): void {
  byId('empty').hidden = !messages.isEmpty;
  byId('empty-hint').hidden = currentChannel()?.isArchived ?? false;
}

function markThread(): void {
  for (const open of document.querySelectorAll('.message.is-open')) open.classList.remove('is-open');
  if (place.thread === undefined) return;
  const root = messages.find(place.thread);
  root?.classList.add('is-open');
  root?.scrollIntoView({ block: 'nearest' });
}

function showChannels(): void {
  const current = currentChannel();
  if (current) read.mark(current);
  channelList.show(channels, current?.id);
  if (!current) return;
  byId('channel-name').replaceChildren(sign(current), ` ${current.name}`);
  byId('channel-topic').textContent = current.isArchived ? 'This channel is archived' : current.topic;
  const unread = channels.reduce((sum, channel) => sum + read.unread(channel), 0);
  document.title = `${unread > 0 ? `(${unread}) ` : ''}${current.name} · Slack simulator`;
}

function loadAll(): void {
  const current = currentChannel();
  if (!current) return;
  channelLoader.load(`/view/${current.id}`);
  threadPane.show(current, place.thread);
}

function follow(): void {
  const before = currentChannel()?.id;
  const wasOpen = place.thread;
  place = placeFromHash(location.hash);
  const current = currentChannel();
  drawer.close();
  showChannels();
  if (!current) return;
  if (current.id !== before) loadAll();
  else {
    markThread();
    threadPane.show(current, place.thread);
    // Back to where the reader came from.
    if (place.thread === undefined && wasOpen !== undefined) {
      messages.find(wasOpen)?.querySelector<HTMLElement>('[data-testid="open-thread"]')?.focus();
    }
  }
}

function receive({ channel, ts, thread, replies, html, threadHtml }: MessageEventData): void {
  if (channel !== currentChannel()?.id) return;
  if (!channelLoader.noteChange()) messages.put(ts, html);
  showEmpty();
  markOpen(ts);
  threadPane.receive({ ts, thread, replies, html: threadHtml });
}

/** A root that was drawn anew has lost its mark. */
function markOpen(ts: string): void {
  if (ts === place.thread) messages.find(ts)?.classList.add('is-open');
}

function connectionState(state: 'live' | 'reconnecting'): void {
  if (!connection) return;
  connection.dataset.state = state;
  document.body.dataset.connection = state;
  connection.textContent = state;
}

const stream = new EventSource('/events');
stream.addEventListener('error', () => {
  connectionState('reconnecting');
});
stream.addEventListener('channels', (event: MessageEvent<string>) => {
  const news = JSON.parse(event.data) as { run: string; channels: ChannelFacts[] };
  const isReturn = connection?.dataset.state !== 'live';
  read.startRun(news.run);
  channels = news.channels;
  showChannels();
  // The stream has just (re)opened: whatever happened before is only in the views.
  if (isReturn) loadAll();
  connectionState('live');
});
stream.addEventListener('message', (event: MessageEvent<string>) => {
  receive(JSON.parse(event.data) as MessageEventData);
});

// "Today" and "2 minutes ago" do not stay true.
setInterval(() => {
  localizeTimes(document);
}, 60_000);
addEventListener('hashchange', follow);
addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  if (drawer.isOpen) drawer.close();
  else if (place.thread !== undefined) closeThread();
});
for (const id of ['back', 'close']) byId(id).addEventListener('click', closeThread);

function closeThread(): void {
  const current = currentChannel();
  if (current) location.hash = hashOf(current.id);
}
