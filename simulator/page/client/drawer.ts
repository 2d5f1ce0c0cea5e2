import { byId } from './dom.js';

/** The channel list on a phone: over the messages, opened by the button. On a wide screen it is always there. */
export class Drawer {
  private readonly button = byId('menu');

  constructor() {
    this.button.addEventListener('click', () => {
      this.set(!this.isOpen);
      if (this.isOpen) byId('channels').querySelector<HTMLElement>('a')?.focus();
    });
    byId('scrim').addEventListener('click', () => {
      this.close();
    });
  }

  get isOpen(): boolean {
    return this.button.getAttribute('aria-expanded') === 'true';
  }

  close(): void {
    if (!this.isOpen) return;
    this.set(false);
    this.button.focus();
  }

  private set(isOpen: boolean): void {
    this.button.setAttribute('aria-expanded', String(isOpen));
    document.body.classList.toggle('has-drawer', isOpen);
  }
}
