import { listenForActions } from './actions.js';
import { ChannelList, ReadMarks, type ChannelFacts } from './channel-list.js';
import { ChannelPane } from './channel-pane.js';
import { byId } from './dom.js';
import { Drawer } from './drawer.js';
import { Ephemerals } from './ephemerals.js';
import { Home } from './home.js';
import { Me } from './me.js';
import { Modal } from './modal.js';
import { Picker } from './picker.js';
import { HOME, hashOf, placeFromHash, type Place } from './place.js';
import { Presses } from './presses.js';
import { dressReactions, listenForReactions } from './reactions.js';
import { showSockets, showState } from './status.js';
import { Stream, type MessageNews } from './stream.js';
import { followTheme } from './theme.js';
import { ThreadPane } from './thread-pane.js';
import { localizeTimes } from './times.js';
import { Toasts } from './toasts.js';

followTheme();
const me = new Me(becomeAnother);
const person = (): string => me.id;
const toasts = new Toasts();
const failed = (text: string): void => {
  toasts.show(text);
};
const presses = new Presses(person, failed);
const dress = (root: HTMLElement): void => {
  localizeTimes(root);
  dressReactions(root, me);
  presses.dress(root);
};
const read = new ReadMarks();
const channelList = new ChannelList(read);
const showEphemerals = (): void => {
  ephemerals.show();
};
const channelPane = new ChannelPane(dress, showEphemerals);
const threadPane = new ThreadPane(dress, showEphemerals);
const ephemerals = new Ephemerals({
  channel: channelPane.list,
  thread: threadPane.list,
  place: () => ({ channel: currentChannel()?.id, thread: place.thread }),
  toasts,
});
const modal = new Modal(person, dress, toasts);
const home = new Home(person, dress);
const drawer = new Drawer();
const picker = new Picker();
let channels: readonly ChannelFacts[] = [];
let place: Place = placeFromHash(location.hash);

/** None while the app's home is open. */
function currentChannel(): ChannelFacts | undefined {
  if (place.channel === HOME) return undefined;
  return channels.find(({ id }) => id === place.channel) ?? channels[0];
}

function showChannels(): void {
  const current = currentChannel();
  if (current) read.mark(current);
  channelList.show(channels, current?.id);
  home.show(!current);
  if (current) channelPane.title(current);
  else {
    byId('channel-name').textContent = 'Alert Threader';
    byId('channel-topic').textContent = 'Home';
  }
  const unread = channels.reduce((sum, channel) => sum + read.unread(channel), 0);
  document.title = `${unread > 0 ? `(${unread}) ` : ''}${current?.name ?? 'Alert Threader'} · Slack simulator`;
}

function loadAll(): void {
  const current = currentChannel();
  if (current) channelPane.load();
  else home.opened();
  threadPane.show(current, place.thread);
}

function follow(): void {
  const before = currentChannel()?.id;
  const wasOpen = place.thread;
  place = placeFromHash(location.hash);
  const current = currentChannel();
  drawer.close();
  showChannels();
  channelPane.markThread(place.thread);
  if (current?.id !== before) loadAll();
  else {
    threadPane.show(current, place.thread);
    if (place.thread === undefined && wasOpen !== undefined) channelPane.focusThreadLink(wasOpen);
  }
  ephemerals.show();
}

function receive({ channel, ts, thread, replies, html, threadHtml }: MessageNews): void {
  if (channel !== currentChannel()?.id) return;
  channelPane.put(ts, html);
  threadPane.receive({ ts, thread, replies, html: threadHtml });
}

const stream = new Stream({
  state: showState,
  channels: (news, isFirst) => {
    read.startRun(news.run);
    channels = news.channels;
    showChannels();
    if (isFirst) loadAll();
  },
  message: receive,
  person: (news, isFirst) => {
    modal.receive(news.modals);
    home.receive(news.home);
    ephemerals.receive(news.ephemerals, isFirst);
  },
  sockets: showSockets,
});

function becomeAnother(): void {
  presses.forget();
  modal.receive([]);
  stream.connect(me.id);
}

listenForActions(presses);
listenForReactions(me, picker, failed);
channelPane.markThread(place.thread);
stream.connect(me.id);

// "Today" and "2 minutes ago" do not stay true.
setInterval(() => {
  localizeTimes(document);
});
addEventListener('hashchange', follow);
addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || picker.isOpen || document.querySelector('dialog[open]')) return;
  if (drawer.isOpen) drawer.close();
  else if (place.thread !== undefined) closeThread();
});
for (const id of ['back', 'close']) byId(id).addEventListener('click', closeThread);

function closeThread(): void {
  const current = currentChannel();
  if (current) location.hash = hashOf(current.id);
}
