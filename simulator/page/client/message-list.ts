import { toElement } from './dom.js';
import { morph } from './morph.js';
import { divideDays } from './times.js';

/** How near to its end a list counts as being read at its end, in pixels. */
const NEAR = 120;

/** A scrolled list of messages that is kept in order of ts. */
export class MessageList {
  constructor(
    private readonly list: HTMLElement,
    private readonly scroller: HTMLElement,
    private readonly hasDays: boolean,
    /** Puts on what depends on who looks: called with everything that was drawn anew. */
    private readonly dress: (root: HTMLElement) => void,
  ) {}

  get isEmpty(): boolean {
    return this.list.querySelector('[data-ts]') === null;
  }

  show(html: string): void {
    this.list.innerHTML = html;
    this.dress(this.list);
    this.divide();
  }

  scrollToEnd(): void {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  get isAtEnd(): boolean {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < NEAR;
  }

  /** The ts of each that only the reader sees. */
  ephemerals(): string[] {
    return [...this.list.querySelectorAll<HTMLElement>('.is-ephemeral')].map(({ dataset }) => dataset.ts ?? '');
  }

  find(ts: string): HTMLElement | null {
    return this.list.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
  }

  /** HTML of null takes the message away. */
  put(ts: string, html: string | null): void {
    const wasAtEnd = this.isAtEnd;
    const old = this.find(ts);
    if (html === null) old?.remove();
    else this.place(ts, toElement(html), old);
    this.divide();
    if (wasAtEnd) this.scrollToEnd();
  }

  private place(ts: string, message: HTMLElement, old: HTMLElement | null): void {
    if (old) {
      if (old.dataset.revision === undefined || old.dataset.revision !== message.dataset.revision)
        this.change(old, message);
      return;
    }
    this.dress(message);
    message.classList.add('is-new');
    const after = [...this.list.querySelectorAll<HTMLElement>('[data-ts]')].find(
      (other) => Number(other.dataset.ts) > Number(ts),
    );
    if (after) after.before(message);
    else this.list.append(message);
  }

  private change(old: HTMLElement, message: HTMLElement): void {
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const block = focused?.closest('.kit')?.getAttribute('data-key');
    const isOpen = old.classList.contains('is-open');
    const isNews = old.dataset.news !== message.dataset.news;
    morph(old, message);
    old.classList.toggle('is-open', isOpen);
    this.dress(old);
    // The class that was just taken away has to be seen gone, or the animation does not start again.
    old.getAnimations();
    old.classList.toggle('is-changed', isNews);
    if (!focused || old.contains(focused)) return;
    // An Ack that became an Unack: the reader goes on from there.
    const near = [`[data-key="${CSS.escape(block ?? '')}"] .action`, '.action', '[data-testid="open-thread"]'];
    near
      .map((selector) => old.querySelector<HTMLElement>(selector))
      .find((element) => element !== null)
      ?.focus({ preventScroll: true });
  }

  private divide(): void {
    if (this.hasDays) divideDays(this.list);
  }
}
