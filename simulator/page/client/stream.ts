import type { ChannelFacts } from './channel-list.js';
import type { EphemeralNews } from './ephemerals.js';
import type { ModalNews } from './modal.js';

export interface ChannelsNews {
  run: string;
  channels: ChannelFacts[];
}

export interface MessageNews {
  channel: string;
  ts: string;
  thread?: string;
  replies?: number;
  html: string | null;
  threadHtml: string | null;
}

export interface PersonNews {
  user: string;
  modals: ModalNews[];
  home: string | null;
  ephemerals: EphemeralNews[];
}

interface Listeners {
  state: (state: 'live' | 'reconnecting') => void;
  /** `isFirst`: of this connection. Whatever happened before is only in the views. */
  channels: (news: ChannelsNews, isFirst: boolean) => void;
  message: (news: MessageNews) => void;
  person: (news: PersonNews, isFirst: boolean) => void;
  sockets: (news: { count: number }) => void;
}

/** What happens, as it happens; the browser connects again by itself. */
export class Stream {
  private source: EventSource | undefined;

  constructor(private readonly listeners: Listeners) {}

  /** As this person, from now on. */
  connect(person: string): void {
    this.source?.close();
    const source = new EventSource(`/events?as=${encodeURIComponent(person)}`);
    const seen = new Set<string>();
    const on = (name: string, hear: (data: string, isFirst: boolean) => void): void => {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        const isFirst = !seen.has(name);
        seen.add(name);
        hear(event.data, isFirst);
      });
    };
    source.addEventListener('open', () => {
      seen.clear();
    });
    source.addEventListener('error', () => {
      this.listeners.state('reconnecting');
    });
    const { channels, message, person: personal, sockets, state } = this.listeners;
    on('channels', (data, isFirst) => {
      channels(JSON.parse(data) as ChannelsNews, isFirst);
      state('live');
    });
    on('message', (data) => {
      message(JSON.parse(data) as MessageNews);
    });
    on('person', (data, isFirst) => {
      personal(JSON.parse(data) as PersonNews, isFirst);
    });
    on('sockets', (data) => {
      sockets(JSON.parse(data) as { count: number });
    });
    this.source = source;
  }
}
