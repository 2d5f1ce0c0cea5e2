import type { MessageList } from './message-list.js';
import { hashOf, type Place } from './place.js';
import type { Toasts } from './toasts.js';

export interface EphemeralNews {
  channel: string;
  ts: string;
  thread: string | null;
  html: string;
}

interface Parts {
  channel: MessageList;
  thread: MessageList;
  /** Where the reader is; without a channel they see none. */
  place: () => Place;
  toasts: Toasts;
}

/** Messages of the app to the reader alone, among the others. */
export class Ephemerals {
  private all: readonly EphemeralNews[] = [];
  private readonly dismissed = new Set<string>();
  /** As they stand in the lists. */
  private readonly drawn = new WeakMap<Element, string>();

  constructor(private readonly parts: Parts) {
    document.addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest('.dismiss') : null;
      const ts = button?.closest<HTMLElement>('[data-ts]')?.dataset.ts;
      if (ts === undefined) return;
      button?.closest<HTMLElement>('.messages')?.focus({ preventScroll: true });
      this.dismissed.add(ts);
      this.show();
    });
  }

  /** `isFirst`: what was there before is no news. */
  receive(all: readonly EphemeralNews[], isFirst: boolean): void {
    const known = new Set(this.all.map(({ ts }) => ts));
    const hidden = all.find((news) => !known.has(news.ts) && !this.isIn(news));
    this.all = all;
    this.show();
    if (!isFirst && hidden) {
      this.parts.toasts.show(
        'Alert Threader wrote something that only you can see.',
        hashOf(hidden.channel, hidden.thread ?? undefined),
      );
    }
  }

  /** Also after a list was loaded anew, or another one is open. */
  show(): void {
    const { channel, thread, place } = this.parts;
    const here = this.all.filter((news) => news.channel === place().channel && !this.dismissed.has(news.ts));
    this.fill(
      channel,
      here.filter((news) => news.thread === null),
    );
    this.fill(
      thread,
      here.filter((news) => news.thread !== null && news.thread === place().thread),
    );
  }

  private isIn({ channel, thread }: EphemeralNews): boolean {
    const place = this.parts.place();
    return channel === place.channel && (thread === null || thread === place.thread);
  }

  private fill(list: MessageList, wanted: readonly EphemeralNews[]): void {
    for (const ts of list.ephemerals()) if (!wanted.some((news) => news.ts === ts)) list.put(ts, null);
    for (const { ts, html } of wanted) {
      const known = list.find(ts);
      if (known && this.drawn.get(known) === html) continue;
      list.put(ts, html);
      const placed = list.find(ts);
      if (placed) this.drawn.set(placed, html);
    }
  }
}
