import { byId } from './dom.js';

/** Long enough to read two lines. */
const SHOWN_MS = 8_000;

/** News that has no place of its own, at the lower edge and for screen readers. */
export class Toasts {
  private readonly area = byId('toasts');

  /** `link`: a hash that leads to what it is about. */
  show(text: string, link?: string): void {
    const toast = document.createElement('div');
    toast.className = 'toast';
    toast.dataset.testid = 'toast';
    const words = document.createElement('span');
    words.textContent = text;
    toast.append(words);
    if (link !== undefined) {
      const anchor = document.createElement('a');
      anchor.href = link;
      anchor.textContent = 'Show';
      toast.append(anchor);
    }
    this.area.append(toast);
    const end = (): void => {
      toast.remove();
    };
    toast.addEventListener('click', end);
    setTimeout(end, SHOWN_MS);
  }

  /** What is outside of an open dialog is neither seen nor read out. */
  moveTo(parent: Element): void {
    parent.append(this.area);
  }
}
