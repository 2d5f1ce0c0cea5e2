import { toElement } from './dom.js';
import { divideDays, localizeTimes } from './times.js';

/** How near to its end a list counts as being read at its end, in pixels. */
const NEAR = 120;

/** A scrolled list of messages that is kept in order of ts. */
export class MessageList {
  constructor(
    private readonly list: HTMLElement,
    private readonly scroller: HTMLElement,
    private readonly hasDays: boolean,
  ) {}

  get isEmpty(): boolean {
    return this.list.querySelector('[data-ts]') === null;
  }

  show(html: string): void {
    this.list.innerHTML = html;
    localizeTimes(this.list);
    this.divide();
  }

  scrollToEnd(): void {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  find(ts: string): HTMLElement | null {
    return this.list.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
  }

  /** HTML of null takes the message away. */
  put(ts: string, html: string | null): void {
    const wasAtEnd = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < NEAR;
    const old = this.find(ts);
    if (html === null) old?.remove();
    else this.place(ts, toElement(html), old);
    this.divide();
    if (wasAtEnd) this.scrollToEnd();
  }

  private place(ts: string, message: HTMLElement, old: HTMLElement | null): void {
    localizeTimes(message);
    if (old) {
      if (old.dataset.revision === message.dataset.revision) return;
      const hadFocus = old.contains(document.activeElement);
      message.classList.add(...(old.classList.contains('is-open') ? ['is-open', 'is-changed'] : ['is-changed']));
      old.replaceWith(message);
      if (hadFocus) message.querySelector<HTMLElement>('[data-testid="open-thread"]')?.focus();
      return;
    }
    message.classList.add('is-new');
    const after = [...this.list.querySelectorAll<HTMLElement>('[data-ts]')].find(
      (other) => Number(other.dataset.ts) > Number(ts),
    );
    if (after) after.before(message);
    else this.list.append(message);
  }

  private divide(): void {
    if (this.hasDays) divideDays(this.list);
  }
}
