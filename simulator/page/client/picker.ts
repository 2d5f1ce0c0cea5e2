import { byId } from './dom.js';

/** From the edges of the window, and from its button, in pixels. */
const GAP = 8;

/** A few emoji to react with. */
export class Picker {
  private readonly box = byId('picker');
  private picked: ((name: string) => void) | undefined;
  private button: HTMLElement | undefined;

  constructor() {
    this.box.addEventListener('click', ({ target }) => {
      const name = target instanceof Element ? target.closest<HTMLElement>('[data-pick]')?.dataset.pick : undefined;
      if (name === undefined) return;
      this.box.hidePopover();
      this.button?.focus();
      this.picked?.(name);
    });
    this.box.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const buttons = [...this.box.querySelectorAll<HTMLElement>('[data-pick]')];
      const at = buttons.findIndex((button) => button === document.activeElement);
      buttons.at((at + step) % buttons.length)?.focus();
    });
  }

  get isOpen(): boolean {
    return this.box.matches(':popover-open');
  }

  open(button: HTMLElement, picked: (name: string) => void): void {
    this.picked = picked;
    this.button = button;
    this.box.showPopover();
    const { left, top, bottom } = button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.box;
    const below = bottom + GAP + height > innerHeight ? top - GAP - height : bottom + GAP;
    this.box.style.left = `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`;
    this.box.style.top = `${Math.max(GAP, below)}px`;
    this.box.querySelector<HTMLElement>('[data-pick]')?.focus();
  }
}
